// Runs a command of the project after making sure that this machine has what it needs. Plain Node 20, no dependency: it must work before
// `npm ci`. Progress goes to stderr, so a command's stdout stays its own.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { accessSync, constants, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const modules = join(root, 'node_modules')
const node = join(modules, '.bin', process.platform === 'win32' ? 'node.cmd' : 'node')

const comparison = { only: ['peers', 'bench'], optional: true }

/** Debian packages that the main job and the tests use, with the file, or the command that succeeds, that shows each is there. */
const debianPackages = [
  { name: 'softhsm2', why: 'soft tokens of the practice office and the tests', shownBy: ['softhsm2-util'] },
  { name: 'sane-utils', why: 'scanners through SANE (scanimage)', shownBy: ['scanimage'] },
  { name: 'poppler-utils', why: 'an independent judge of signatures in the tests (pdfsig)', shownBy: ['pdfsig'] },
  { name: 'qpdf', why: 'an independent judge of PDF files in the tests', shownBy: ['qpdf'] },
  { name: 'openssl', why: 'an independent timestamp authority and CMS verifier in the tests', shownBy: ['openssl'] },
  { name: 'gcc', why: "compiling pkcs11js and the tests' faulty token module", shownBy: ['gcc', 'cc'] },
  { name: 'g++', why: 'compiling pkcs11js', shownBy: ['g++', 'c++'] },
  { name: 'make', why: 'compiling pkcs11js', shownBy: ['make'] },
  { name: 'python3', why: 'node-gyp, which compiles pkcs11js', shownBy: ['python3'] },
  { name: 'libc6-dev', why: 'compiling pkcs11js', shownBy: ['/usr/include/stdio.h'] },
  {
    name: 'chromium',
    why: "the window, where Electron's own binary is out of reach",
    shownBy: ['chromium', 'chromium-browser'],
    only: ['check', 'start', 'package-check', 'screens', 'bench', 'crash'],
  },
  {
    name: 'img2pdf',
    why: 'another maker of PDF files, for the tests and the bench',
    shownBy: ['img2pdf'],
    only: ['check', 'bench'],
  },
  {
    name: 'opensc',
    why: 'another reader of tokens in the tests (pkcs11-tool)',
    shownBy: ['pkcs11-tool'],
    only: ['check'],
  },
  {
    name: 'libnss3-tools',
    why: "keys for poppler's own signature in the tests",
    shownBy: ['certutil'],
    only: ['check', 'peers', 'bench'],
  },
  {
    name: 'vsmartcard-vpcd',
    why: 'a reader for the card in software that the tests put before OpenSC',
    shownBy: ['/usr/lib/pcsc/drivers/serial/libifdvpcd.so'],
    only: ['check'],
    // not in every Debian's package source; the tests say what they skip
    optional: true,
  },
  // without these some of the programs that we are compared with are skipped, no more
  { name: 'python3-venv', why: 'pyHanko', proves: ['python3', '-c', 'import ensurepip, venv'], ...comparison },
  { name: 'default-jdk-headless', why: 'DSS, PDFBox, veraPDF', shownBy: ['javac'], ...comparison },
  { name: 'maven', why: 'fetching DSS, PDFBox, veraPDF', shownBy: ['mvn'], ...comparison },
]

const commands = {
  ctdesk: args => [[node, join(root, 'electron', 'cli', 'ctdesk.ts'), ...args]],
  check: args => [
    [node, join(modules, 'typescript', 'bin', 'tsc'), '--noEmit'],
    [node, join(modules, '@biomejs', 'biome', 'bin', 'biome'), 'check'],
    [node, join(modules, 'vitest', 'vitest.mjs'), 'run', ...args],
  ],
  crash: args => [[node, join(root, 'tests', 'crash', 'crash.ts'), ...args]],
  bench: args => [[node, join(root, 'tests', 'bench', 'bench.ts'), ...args]],
  fuzz: args => [[node, join(root, 'tests', 'fuzz', 'run.ts'), ...args]],
  start: args => [[node, join(root, 'scripts', 'start.mjs'), ...args]],
  'package-check': args => [[node, join(root, 'scripts', 'package-check.mjs'), ...args]],
  peers: args => [[node, join(root, 'tests', 'peers', 'run.ts'), ...args]],
  screens: args => [[node, join(root, 'tests', 'e2e', 'screens.mjs'), ...args]],
  setup: () => [],
}

function onPath(file) {
  const candidates = file.startsWith('/') ? [file] : (process.env.PATH ?? '').split(delimiter).map(d => join(d, file))
  return candidates.some(candidate => {
    try {
      accessSync(candidate, file.startsWith('/') ? constants.R_OK : constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

/** Runs a set-up step; its output is shown on stderr only when it fails. */
function step(what, command, args, env = {}, needed = true) {
  process.stderr.write(`setup: ${what}\n`)
  const done = spawnSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, ...env },
    maxBuffer: 1 << 28,
  })
  if (done.status === 0) return
  process.stderr.write(`${done.stdout ?? ''}${done.stderr ?? ''}${done.error ? `${done.error.message}\n` : ''}`)
  process.stderr.write(`setup: failed: ${what}\n`)
  if (needed) process.exit(1)
}

function systemPackages(command) {
  if (process.platform !== 'linux') return
  const lacking = debianPackages.filter(p => (!p.only || p.only.includes(command)) && !isThere(p))
  const [needed, optional] = [lacking.filter(p => !p.optional), lacking.filter(p => p.optional)]
  if (lacking.length === 0) return
  if (process.getuid?.() === 0 && onPath('apt-get')) {
    const isNeeded = needed.length > 0
    aptGet('reading the list of Debian packages', ['update', '-qq'], isNeeded)
    if (isNeeded) aptInstall(needed)
    // One by one: what this machine's package source does not have must not keep the others away.
    for (const each of optional) aptInstall([each])
    return
  }
  say('This machine lacks, and so goes without:', optional)
  say('This machine lacks:', needed)
  if (needed.length > 0) process.exit(1)
}

const isThere = ({ shownBy, proves: [file, ...args] = [] }) =>
  file ? spawnSync(file, args).status === 0 : shownBy.some(onPath)

/** A mirror that does not answer once is asked again. */
const aptGet = (what, args, needed) =>
  step(what, 'apt-get', ['-o', 'Acquire::Retries=5', ...args], { DEBIAN_FRONTEND: 'noninteractive' }, needed)

function aptInstall(packages) {
  const names = packages.map(p => p.name)
  const needed = packages.some(p => !p.optional)
  const what = needed ? `installing ${names.join(', ')}` : `installing ${names}, without which it goes too`
  aptGet(what, ['install', '-y', '-qq', '--no-install-recommends', ...names], needed)
}

function say(what, packages) {
  if (packages.length === 0) return
  process.stderr.write(`${what}\n${packages.map(p => `  ${p.name} — ${p.why}\n`).join('')}`)
  const names = packages.map(p => p.name).join(' ')
  process.stderr.write(`Install them, then run the command again:\n  sudo apt-get install ${names}\n`)
}

/** Folder whose include/node holds Node's headers, so that node-gyp need not download them; undefined where there is none. */
function nodeHeaders() {
  const asked = process.env.npm_config_nodedir
  return [asked, dirname(dirname(process.execPath)), '/usr', '/usr/local'].find(
    folder => folder && existsSync(join(folder, 'include', 'node', 'node_api.h')),
  )
}

function nodePackages() {
  const lock = readFileSync(join(root, 'package-lock.json'))
  const wanted = createHash('sha256').update(lock).digest('hex')
  const stamp = join(modules, '.installed-from')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted && existsSync(node)) return
  const headers = nodeHeaders()
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  step(
    'installing the packages of package-lock.json',
    npm,
    ['ci', '--no-audit', '--no-fund'],
    headers ? { npm_config_nodedir: headers } : {},
  )
  writeFileSync(stamp, wanted)
}

const [name = '', ...args] = process.argv.slice(2)
const make = commands[name]
if (!make) {
  process.stderr.write(`usage: node scripts/run.mjs ${Object.keys(commands).join('|')} [arguments]\n`)
  process.exit(64)
}
systemPackages(name)
nodePackages()
for (const [file, ...rest] of make(args)) {
  const done = spawnSync(file, rest, {
    stdio: 'inherit',
    env: {
      ...process.env,
      PATH: `${join(modules, '.bin')}${delimiter}${process.env.PATH ?? ''}`,
      // TypeScript is stripped and compiled once, not at each start: a start takes a quarter of the time
      NODE_COMPILE_CACHE: join(modules, '.cache', 'compile'),
    },
  })
  if (done.status !== 0) process.exit(done.status ?? 1)
}
