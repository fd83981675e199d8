"""pyHanko as judge, signer and forger: one JSON request a line on stdin, one JSON answer a line on stdout."""

import functools
import json
import logging
import sys

from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfStrictReadError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers, timestamps
from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
from pyhanko_certvalidator import ValidationContext

logging.disable(logging.CRITICAL)


def context(request):
    from asn1crypto import crl

    def read(path):
        with open(path, 'rb') as file:
            return file.read()

    return ValidationContext(
        trust_roots=[load_cert_from_pemder(path) for path in request['roots']],
        other_certs=[load_cert_from_pemder(path) for path in request['helpers']],
        crls=[crl.CertificateList.load(read(path)) for path in request['lists']],
        allow_fetching=False,
        revocation_mode='hard-fail',
    )


def judge(request):
    opinions = []
    with open(request['file'], 'rb') as file:
        strict = True
        try:
            reader = PdfFileReader(file)
            strict = not reader.xrefs.hybrid_xrefs_present
        except PdfStrictReadError:
            strict = False
        if not strict:  # hybrid files, and poppler's odd generation numbers, are refused by the strict reader
            reader = PdfFileReader(file, strict=False)
        if reader.encrypted:  # for anybody to open
            reader.decrypt(b'')
        for embedded in reader.embedded_signatures:
            stamp = embedded.sig_object_type == '/DocTimeStamp'
            opinion = {'field': embedded.field_name, 'level': None, 'valid': False, 'detail': ''}
            try:
                if stamp:
                    status = validate_pdf_timestamp(embedded, context(request))
                    opinion['level'] = 'timestamp'
                else:
                    status = validate_pdf_signature(embedded, context(request), ts_validation_context=context(request))
                    stamped = status.timestamp_validity is not None and status.timestamp_validity.valid
                    opinion['level'] = 'B-T' if stamped else 'B-B'
                opinion['valid'] = status.bottom_line
                opinion['detail'] = f'{status.summary()} {status.modification_level} {status.coverage}'
            except Exception as error:
                opinion['detail'] = f'{type(error).__name__}: {error}'
            opinions.append(opinion)
    return opinions


@functools.cache
def signer_of(key, certificate, helpers, pss):
    return signers.SimpleSigner.load(key, certificate, ca_chain_files=helpers, prefer_pss=pss)


def sign(request):
    signer = signer_of(
        request['key'], request['certificate'], tuple(request['helpers']), request.get('pss', False)
    )
    authority = request.get('timestampAuthority')
    level = request.get('level', 'B-B')
    long_term = level in ('B-LT', 'B-LTA')
    metadata = signers.PdfSignatureMetadata(
        field_name=request['field'],
        md_algorithm='sha256',
        subfilter=fields.SigSeedSubFilter(request.get('subFilter', '/ETSI.CAdES.detached')),
        certify=request.get('certify', False),
        embed_validation_info=long_term,
        use_pades_lta=level == 'B-LTA',
        validation_context=context(request) if long_term else None,
    )
    with open(request['input'], 'rb') as source, open(request['output'], 'wb') as target:
        signers.sign_pdf(
            IncrementalPdfFileWriter(source),
            metadata,
            signer=signer,
            timestamper=timestamps.HTTPTimeStamper(authority) if authority else None,
            output=target,
            new_field_spec=fields.SigFieldSpec(request['field'], on_page=0, box=(60, 60, 160, 100))
            if request.get('visible')
            else None,
        )
    return 'signed'


def tamper(request):
    """Appends an incremental update that no signer agreed to."""
    with open(request['input'], 'rb') as source:
        writer = IncrementalPdfFileWriter(source, strict=False)
        page = writer.root['/Pages']
        while '/Kids' in page:
            page = page['/Kids'][0].get_object()
        text = b'q 1 1 1 rg 0 0 600 900 re f Q BT /Helv 24 Tf 72 400 Td (1 000 000 000) Tj ET'
        kind = request['kind']
        if kind == 'page-contents':
            page[pdf_name('/Contents')] = writer.add_object(generic.StreamObject(stream_data=text))
            writer.update_container(page)
        elif kind == 'overlay':
            form = generic.StreamObject(
                generic.DictionaryObject(
                    {
                        pdf_name('/Type'): pdf_name('/XObject'),
                        pdf_name('/Subtype'): pdf_name('/Form'),
                        pdf_name('/BBox'): generic.ArrayObject(map(generic.NumberObject, (0, 0, 600, 900))),
                    }
                ),
                stream_data=b'1 1 1 rg 0 0 600 900 re f',
            )
            annotation = generic.DictionaryObject(
                {
                    pdf_name('/Type'): pdf_name('/Annot'),
                    pdf_name('/Subtype'): pdf_name('/Stamp'),
                    pdf_name('/Rect'): generic.ArrayObject(map(generic.NumberObject, (0, 0, 600, 900))),
                    pdf_name('/F'): generic.NumberObject(4),
                    pdf_name('/AP'): generic.DictionaryObject({pdf_name('/N'): writer.add_object(form)}),
                }
            )
            existing = page['/Annots'] if '/Annots' in page else generic.ArrayObject()
            page[pdf_name('/Annots')] = generic.ArrayObject([*existing, writer.add_object(annotation)])
            writer.update_container(page)
        elif kind == 'page-added':
            pages = writer.root['/Pages']
            reference = pages['/Kids'].raw_get(0)
            pages['/Kids'].append(reference)
            pages[pdf_name('/Count')] = generic.NumberObject(int(pages['/Count']) + 1)
            writer.update_container(pages['/Kids'])
            writer.update_container(pages)
        else:
            raise ValueError(kind)
        with open(request['output'], 'wb') as target:
            writer.write(target)
    return 'tampered'


COMMANDS = {'judge': judge, 'sign': sign, 'tamper': tamper}

for line in sys.stdin:
    request = json.loads(line)
    try:
        reply = {'answer': COMMANDS[request['command']](request)}
    except Exception as error:  # the other side decides what a failure means
        reply = {'error': f'{type(error).__name__}: {error}'}
    print(json.dumps(reply), flush=True)
