import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.ValidationResult;

/** One JSON request a line on stdin, one JSON answer a line on stdout: {"command": …} → {"answer": …} or {"error": …}. */
public final class Peers {
  public static void main(String[] args) throws Exception {
    ObjectMapper json = new ObjectMapper();
    PrintStream out = new PrintStream(new java.io.FileOutputStream(java.io.FileDescriptor.out), true, StandardCharsets.UTF_8);
    System.setOut(System.err); // what libraries print must not disturb the answers
    BufferedReader requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = requests.readLine(); line != null; line = requests.readLine()) {
      Map<String, Object> reply = new LinkedHashMap<>();
      try {
        reply.put("answer", answer(json.readTree(line)));
      } catch (Throwable error) {
        reply.put("error", error.toString());
      }
      out.println(json.writeValueAsString(reply));
    }
  }

  private static Object answer(JsonNode request) throws Exception {
    return switch (request.get("command").asText()) {
      case "dss-judge" -> DssPeer.judge(request);
      case "dss-sign" -> DssPeer.sign(request);
      case "pdfbox-judge" -> PdfBoxPeer.judge(request);
      case "pdfbox-sign" -> PdfBoxPeer.sign(request);
      case "verapdf" -> archival(request);
      default -> throw new IllegalArgumentException("unknown command");
    };
  }

  /** PDF/A of the wanted flavour as veraPDF sees it, with the rules that were broken. */
  private static Object archival(JsonNode request) throws Exception {
    VeraGreenfieldFoundryProvider.initialise();
    File file = new File(request.get("file").asText());
    PDFAFlavour flavour = PDFAFlavour.byFlavourId(request.get("flavour").asText());
    try (PDFAParser parser = Foundries.defaultInstance().createParser(file, flavour)) {
      ValidationResult result = Foundries.defaultInstance().createValidator(flavour, false).validate(parser);
      List<String> broken = new ArrayList<>();
      result.getTestAssertions().stream().limit(5)
          .forEach(a -> broken.add(a.getRuleId().getClause() + "-" + a.getRuleId().getTestNumber() + " " + a.getMessage()));
      return Map.of("compliant", result.isCompliant(), "broken", broken);
    }
  }

  static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    if (list != null) list.forEach(item -> texts.add(item.asText()));
    return texts;
  }

  private Peers() {}
}
