import com.fasterxml.jackson.databind.JsonNode;
import eu.europa.esig.dss.enumerations.DigestAlgorithm;
import eu.europa.esig.dss.enumerations.Indication;
import eu.europa.esig.dss.enumerations.SignatureLevel;
import eu.europa.esig.dss.model.DSSDocument;
import eu.europa.esig.dss.model.FileDocument;
import eu.europa.esig.dss.model.SignatureValue;
import eu.europa.esig.dss.model.ToBeSigned;
import eu.europa.esig.dss.pades.PAdESSignatureParameters;
import eu.europa.esig.dss.pades.signature.PAdESService;
import eu.europa.esig.dss.service.http.commons.TimestampDataLoader;
import eu.europa.esig.dss.service.tsp.OnlineTSPSource;
import eu.europa.esig.dss.simplereport.SimpleReport;
import eu.europa.esig.dss.spi.DSSUtils;
import eu.europa.esig.dss.spi.validation.CommonCertificateVerifier;
import eu.europa.esig.dss.spi.x509.CommonCertificateSource;
import eu.europa.esig.dss.spi.x509.CommonTrustedCertificateSource;
import eu.europa.esig.dss.spi.x509.revocation.crl.ExternalResourcesCRLSource;
import eu.europa.esig.dss.token.DSSPrivateKeyEntry;
import eu.europa.esig.dss.token.Pkcs12SignatureToken;
import eu.europa.esig.dss.diagnostic.SignatureWrapper;
import eu.europa.esig.dss.validation.SignedDocumentValidator;
import eu.europa.esig.dss.validation.reports.Reports;
import java.io.File;
import java.io.IOException;
import java.security.KeyStore.PasswordProtection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** EU DSS with its default policy (EN 319 102-1), given the practice root, the lists, and nothing else. */
final class DssPeer {
  static Object judge(JsonNode request) throws Exception {
    SignedDocumentValidator validator =
        SignedDocumentValidator.fromDocument(new FileDocument(new File(request.get("file").asText())));
    validator.setCertificateVerifier(verifier(request));
    Reports reports = validator.validateDocument();
    SimpleReport simple = reports.getSimpleReport();
    List<Object> opinions = new ArrayList<>();
    for (SignatureWrapper signature : reports.getDiagnosticData().getSignatures()) {
      String id = signature.getId();
      List<String> why = new ArrayList<>();
      if (simple.getSubIndication(id) != null) why.add(simple.getSubIndication(id).name());
      simple.getAdESValidationErrors(id).forEach(message -> why.add(message.getValue()));
      simple.getAdESValidationWarnings(id).forEach(message -> why.add(message.getValue()));
      Map<String, Object> opinion = new LinkedHashMap<>();
      opinion.put("field", signature.getPDFRevision() == null ? null : signature.getFirstFieldName());
      opinion.put("level", String.valueOf(simple.getSignatureFormat(id)).replace("PAdES-BASELINE-", "B-"));
      opinion.put("valid", simple.getIndication(id) == Indication.TOTAL_PASSED);
      opinion.put("detail", String.join("; ", why));
      opinions.add(opinion);
    }
    return opinions;
  }

  static Object sign(JsonNode request) throws Exception {
    PAdESService service = new PAdESService(verifier(request));
    if (request.hasNonNull("timestampAuthority")) {
      service.setTspSource(new OnlineTSPSource(request.get("timestampAuthority").asText(), new TimestampDataLoader()));
    }
    Signer signer = Signer.of(request.get("keyStore").asText(), request.get("password").asText());
    PAdESSignatureParameters parameters = new PAdESSignatureParameters();
    parameters.setSignatureLevel(SignatureLevel.valueByName("PAdES-BASELINE-" + request.get("level").asText().substring(2)));
    parameters.setDigestAlgorithm(DigestAlgorithm.SHA256);
    parameters.setSigningCertificate(signer.key.getCertificate());
    parameters.setCertificateChain(signer.key.getCertificateChain());
    parameters.setContentSize(24_000);
    DSSDocument input = new FileDocument(new File(request.get("input").asText()));
    ToBeSigned data = service.getDataToSign(input, parameters);
    SignatureValue value = signer.token.sign(data, parameters.getDigestAlgorithm(), signer.key);
    service.signDocument(input, parameters, value).save(request.get("output").asText());
    return "signed";
  }

  /** A key file, opened once. */
  private record Signer(Pkcs12SignatureToken token, DSSPrivateKeyEntry key) {
    private static final Map<String, Signer> OPENED = new HashMap<>();

    static Signer of(String path, String password) throws IOException {
      if (!OPENED.containsKey(path)) {
        var token = new Pkcs12SignatureToken(new File(path), new PasswordProtection(password.toCharArray()));
        OPENED.put(path, new Signer(token, token.getKeys().get(0)));
      }
      return OPENED.get(path);
    }
  }

  private static CommonCertificateVerifier verifier(JsonNode request) {
    CommonTrustedCertificateSource trusted = new CommonTrustedCertificateSource();
    for (String path : Peers.texts(request.get("roots"))) trusted.addCertificate(DSSUtils.loadCertificate(new File(path)));
    CommonCertificateSource helpers = new CommonCertificateSource();
    for (String path : Peers.texts(request.get("helpers"))) helpers.addCertificate(DSSUtils.loadCertificate(new File(path)));
    CommonCertificateVerifier verifier = new CommonCertificateVerifier();
    verifier.setTrustedCertSources(trusted);
    verifier.setAdjunctCertSources(helpers);
    verifier.setAIASource(null);
    verifier.setOcspSource(null);
    verifier.setCrlSource(new ExternalResourcesCRLSource(
        Peers.texts(request.get("lists")).stream().<DSSDocument>map(FileDocument::new).toArray(DSSDocument[]::new)));
    return verifier;
  }

  private DssPeer() {}
}
