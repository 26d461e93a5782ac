package org.terrachange.hub;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.terrachange.hub.digest.Fingerprint;
import org.terrachange.hub.digest.Sha256;
import org.terrachange.hub.download.DownloadListener;
import org.terrachange.hub.download.Origin;

/// A process of its own that asks for one model and prints where it is.
final class PullProcess {
    private PullProcess() {}

    static Process start(Path home, String url, byte[] content, Path output) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                PullProcess.class.getName()));
        command.addAll(List.of(home.toString(), url, Long.toString(content.length), FaultServer.sha256(content)));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
    }

    public static void main(String[] arguments) throws IOException {
        ModelEntry entry = new ModelEntry(
                "shared",
                new WeightSource.Downloaded("shared.safetensors", List.of(new Origin.Web(URI.create(arguments[1])))),
                new FileSize.Exact(Long.parseLong(arguments[2])),
                new Fingerprint.Exact(new Sha256(arguments[3])),
                ModelTask.IMAGE_ENCODER,
                "none",
                "none",
                "none",
                "none");
        ModelHub hub = new ModelHub(
                new ModelRegistry(List.of(entry)),
                Optional.empty(),
                HubSettings.of(Map.of("TERRACHANGE_HOME", arguments[0])));
        System.out.println(hub.obtain(entry, new DownloadListener() {
            @Override
            public void progress(long done, long total) {
                // Only the end matters.
            }

            @Override
            public void remark(String text) {
                System.out.println(text);
            }
        }));
    }
}
