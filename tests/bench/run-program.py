"""Runs programs and tells their memory, which only their parent can ask: one JSON request a line, one JSON answer a line."""

import json
import os
import sys
import tempfile

for line in sys.stdin:
    arguments = json.loads(line)['arguments']
    try:
        with tempfile.TemporaryFile() as output:
            actions = [(os.POSIX_SPAWN_DUP2, output.fileno(), 1)]
            process = os.posix_spawnp(arguments[0], arguments, os.environ, file_actions=actions)
            _, status, usage = os.wait4(process, 0)
            output.seek(0)
            stdout = output.read().decode('utf-8', 'replace')
        answer = {'stdout': stdout, 'status': os.waitstatus_to_exitcode(status), 'kilobytes': usage.ru_maxrss}
        reply = {'answer': answer}
    except Exception as error:  # the other side decides what a failure means
        reply = {'error': f'{type(error).__name__}: {error}'}
    print(json.dumps(reply), flush=True)
