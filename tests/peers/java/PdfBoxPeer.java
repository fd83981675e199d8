import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Security;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.CertificateFactory;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Calendar;
import java.util.Collection;
import java.util.Date;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.interactive.digitalsignature.PDSignature;
import org.apache.pdfbox.pdmodel.interactive.digitalsignature.SignatureOptions;
import org.apache.pdfbox.pdmodel.interactive.form.PDSignatureField;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERSet;
import org.bouncycastle.asn1.cms.Attribute;
import org.bouncycastle.asn1.cms.AttributeTable;
import org.bouncycastle.asn1.cms.CMSAttributes;
import org.bouncycastle.asn1.cms.CMSObjectIdentifiers;
import org.bouncycastle.asn1.ess.ESSCertIDv2;
import org.bouncycastle.asn1.ess.SigningCertificateV2;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.cms.CMSTypedData;
import org.bouncycastle.cms.DefaultSignedAttributeTableGenerator;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.SignerInformationStore;
import org.bouncycastle.cms.jcajce.JcaSignerInfoGeneratorBuilder;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.bouncycastle.tsp.TimeStampRequest;
import org.bouncycastle.tsp.TimeStampRequestGenerator;
import org.bouncycastle.tsp.TimeStampResponse;
import org.bouncycastle.tsp.TimeStampToken;
import org.bouncycastle.util.Store;

/** Apache PDFBox finds the signatures, BouncyCastle judges them, the JDK's PKIX builds the path; as PDFBox's own examples do it. */
final class PdfBoxPeer {
  static {
    Security.addProvider(new BouncyCastleProvider());
  }

  static Object judge(JsonNode request) throws Exception {
    File file = new File(request.get("file").asText());
    Set<TrustAnchor> anchors = new HashSet<>();
    for (String path : Peers.texts(request.get("roots"))) anchors.add(new TrustAnchor(certificate(path), null));
    List<Object> opinions = new ArrayList<>();
    try (PDDocument document = Loader.loadPDF(file)) {
      for (PDSignatureField field : document.getSignatureFields()) {
        PDSignature signature = field.getSignature();
        if (signature == null) continue;
        Map<String, Object> opinion = new LinkedHashMap<>();
        opinion.put("field", field.getFullyQualifiedName());
        opinion.put("level", null);
        try {
          opinion.put("level", verify(file, signature, anchors));
          opinion.put("valid", true);
          opinion.put("detail", "");
        } catch (Exception error) {
          opinion.put("valid", false);
          opinion.put("detail", error.toString());
        }
        opinions.add(opinion);
      }
    }
    return opinions;
  }

  /** The level, by whether a time-stamp stands. @throws Exception where anything does not stand */
  private static String verify(File file, PDSignature signature, Set<TrustAnchor> anchors) throws Exception {
    byte[] contents = signature.getContents();
    byte[] signed;
    try (InputStream in = new FileInputStream(file)) {
      signed = signature.getSignedContent(in);
    }
    if ("ETSI.RFC3161".equals(signature.getSubFilter())) {
      TimeStampToken token = new TimeStampToken(new CMSSignedData(contents));
      stands(token, signed, anchors);
      return "timestamp";
    }
    CMSSignedData cms = new CMSSignedData(new CMSProcessableByteArray(signed), contents);
    SignerInformation signer = cms.getSignerInfos().getSigners().iterator().next();
    X509Certificate certificate = signerOf(cms.getCertificates(), signer.getSID());
    if (!signer.verify(new JcaSimpleSignerInfoVerifierBuilder().setProvider("BC").build(certificate))) {
      throw new IllegalStateException("the signature value does not verify");
    }
    Date at = new Date();
    String level = "B-B";
    AttributeTable unsigned = signer.getUnsignedAttributes();
    Attribute stamp = unsigned == null ? null : unsigned.get(PKCSObjectIdentifiers.id_aa_signatureTimeStampToken);
    if (stamp != null) {
      ASN1Primitive token = stamp.getAttrValues().getObjectAt(0).toASN1Primitive();
      at = stands(new TimeStampToken(new CMSSignedData(token.getEncoded())), signer.getSignature(), anchors);
      level = "B-T";
    }
    buildPath(certificate, cms.getCertificates(), anchors, at);
    return level;
  }

  private static Date stands(TimeStampToken token, byte[] stamped, Set<TrustAnchor> anchors) throws Exception {
    X509Certificate authority = signerOf(token.getCertificates(), token.getSID());
    token.validate(new JcaSimpleSignerInfoVerifierBuilder().setProvider("BC").build(authority));
    String hash = token.getTimeStampInfo().getMessageImprintAlgOID().getId();
    byte[] imprint = MessageDigest.getInstance(hash, "BC").digest(stamped);
    if (!Arrays.equals(imprint, token.getTimeStampInfo().getMessageImprintDigest())) {
      throw new IllegalStateException("the time-stamp is of something else");
    }
    buildPath(authority, token.getCertificates(), anchors, token.getTimeStampInfo().getGenTime());
    return token.getTimeStampInfo().getGenTime();
  }

  @SuppressWarnings("unchecked")
  private static X509Certificate signerOf(Store<X509CertificateHolder> store, Object id) throws Exception {
    Collection<X509CertificateHolder> found = store.getMatches((org.bouncycastle.util.Selector<X509CertificateHolder>) id);
    if (found.isEmpty()) throw new IllegalStateException("the signer's certificate is not in the CMS");
    return new JcaX509CertificateConverter().getCertificate(found.iterator().next());
  }

  private static void buildPath(X509Certificate leaf, Store<X509CertificateHolder> others, Set<TrustAnchor> anchors, Date at)
      throws Exception {
    List<X509Certificate> helpers = new ArrayList<>(List.of(leaf));
    for (X509CertificateHolder holder : others.getMatches(null)) {
      helpers.add(new JcaX509CertificateConverter().getCertificate(holder));
    }
    X509CertSelector target = new X509CertSelector();
    target.setCertificate(leaf);
    PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, target);
    parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(helpers)));
    parameters.setRevocationEnabled(false);
    parameters.setDate(at);
    CertPathBuilder.getInstance("PKIX").build(parameters);
  }

  private static X509Certificate certificate(String path) throws Exception {
    try (InputStream in = new FileInputStream(path)) {
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    }
  }

  /** A key with its chain, opened once. */
  private record Signer(PrivateKey key, List<X509Certificate> chain) {
    private static final Map<String, Signer> OPENED = new HashMap<>();

    static Signer of(String path, String password) throws Exception {
      Signer known = OPENED.get(path);
      if (known != null) return known;
      KeyStore store = KeyStore.getInstance("PKCS12");
      try (InputStream in = new FileInputStream(path)) {
        store.load(in, password.toCharArray());
      }
      String alias = store.aliases().nextElement();
      List<X509Certificate> chain = new ArrayList<>();
      for (java.security.cert.Certificate link : store.getCertificateChain(alias)) chain.add((X509Certificate) link);
      Signer opened = new Signer((PrivateKey) store.getKey(alias, password.toCharArray()), chain);
      OPENED.put(path, opened);
      return opened;
    }
  }

  /** The signed bytes as they come, not held in memory; as in PDFBox's own example. */
  private record Streamed(InputStream content) implements CMSTypedData {
    @Override
    public ASN1ObjectIdentifier getContentType() {
      return CMSObjectIdentifiers.data;
    }

    @Override
    public Object getContent() {
      return content;
    }

    @Override
    public void write(OutputStream out) throws IOException {
      content.transferTo(out);
    }
  }

  static Object sign(JsonNode request) throws Exception {
    Signer signer = Signer.of(request.get("keyStore").asText(), request.get("password").asText());
    String subFilter = request.get("subFilter").asText();
    String authority = request.path("timestampAuthority").asText(null);

    try (PDDocument document = Loader.loadPDF(new File(request.get("input").asText()));
        OutputStream out = new FileOutputStream(request.get("output").asText());
        SignatureOptions options = new SignatureOptions()) {
      PDSignature signature = new PDSignature();
      signature.setFilter(PDSignature.FILTER_ADOBE_PPKLITE);
      signature.setSubFilter(COSName.getPDFName(subFilter));
      signature.setSignDate(Calendar.getInstance());
      options.setPreferredSignatureSize(24_000);
      document.addSignature(signature, content -> {
        try {
          return cms(content, signer.key, signer.chain, subFilter.startsWith("ETSI"), authority);
        } catch (Exception error) {
          throw new IOException(error);
        }
      }, options);
      document.saveIncremental(out);
    }
    return "signed";
  }

  private static byte[] cms(InputStream content, PrivateKey key, List<X509Certificate> chain, boolean pades, String authority)
      throws Exception {
    String algorithm = key.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
    JcaSignerInfoGeneratorBuilder signer =
        new JcaSignerInfoGeneratorBuilder(new JcaDigestCalculatorProviderBuilder().setProvider("BC").build());
    if (pades) {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(chain.get(0).getEncoded());
      SigningCertificateV2 named = new SigningCertificateV2(new ESSCertIDv2[] {new ESSCertIDv2(hash)});
      Attribute attribute = new Attribute(PKCSObjectIdentifiers.id_aa_signingCertificateV2, new DERSet(named));
      DefaultSignedAttributeTableGenerator attributes =
          new DefaultSignedAttributeTableGenerator(new AttributeTable(attribute));
      // PAdES forbids the signing-time attribute (EN 319 142-1 §6.3)
      signer.setSignedAttributeGenerator(
          parameters -> attributes.getAttributes(parameters).remove(CMSAttributes.signingTime));
    }
    CMSSignedDataGenerator generator = new CMSSignedDataGenerator();
    generator.addSignerInfoGenerator(signer.build(new JcaContentSignerBuilder(algorithm).setProvider("BC").build(key), chain.get(0)));
    generator.addCertificates(new JcaCertStore(chain));
    CMSSignedData cms = generator.generate(new Streamed(content), false);
    return (authority == null ? cms : stamped(cms, authority)).getEncoded();
  }

  private static CMSSignedData stamped(CMSSignedData cms, String authority) throws Exception {
    SignerInformation signer = cms.getSignerInfos().getSigners().iterator().next();
    TimeStampRequestGenerator generator = new TimeStampRequestGenerator();
    generator.setCertReq(true);
    byte[] imprint = MessageDigest.getInstance("SHA-256").digest(signer.getSignature());
    TimeStampRequest query = generator.generate(NISTObjectIdentifiers.id_sha256, imprint);
    HttpResponse<byte[]> reply = HttpClient.newHttpClient().send(
        HttpRequest.newBuilder(URI.create(authority)).header("content-type", "application/timestamp-query")
            .POST(HttpRequest.BodyPublishers.ofByteArray(query.getEncoded())).build(),
        HttpResponse.BodyHandlers.ofByteArray());
    TimeStampResponse response = new TimeStampResponse(reply.body());
    response.validate(query);
    ASN1Primitive token = ASN1Primitive.fromByteArray(response.getTimeStampToken().getEncoded());
    Attribute attribute = new Attribute(PKCSObjectIdentifiers.id_aa_signatureTimeStampToken, new DERSet(token));
    AttributeTable unsigned = new AttributeTable(attribute);
    SignerInformation replaced = SignerInformation.replaceUnsignedAttributes(signer, unsigned);
    return CMSSignedData.replaceSigners(cms, new SignerInformationStore(List.of(replaced)));
  }

  private PdfBoxPeer() {}
}
