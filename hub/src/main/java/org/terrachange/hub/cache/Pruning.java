package org.terrachange.hub.cache;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.terrachange.hub.digest.Sha256;

/// Finds what nobody needs in a cache: contents and pins of no known model, and downloads that were broken off
/// and not taken up again. Files that it does not know are left alone, and so is what is being downloaded.
///
/// @param contents that known models stand for
/// @param names of known models
/// @param files of known models
/// @param patience how long a download that was broken off is kept
public record Pruning(Set<Sha256> contents, Set<String> names, Set<String> files, Duration patience) {
    public Pruning {
        contents = Set.copyOf(contents);
        names = Set.copyOf(names);
        files = Set.copyOf(files);
    }

    /// @param delete whether to delete what is found
    /// @return what was found
    public List<Pruned> run(ModelCache cache, Instant now, boolean delete) throws IOException {
        List<Pruned> found = new ArrayList<>();
        for (Path folder : list(cache.root().resolve(ModelCache.CONTENTS))) {
            if (contents.stream().noneMatch(sha -> sha.hex().equals(name(folder)))) {
                found.add(remove(folder, "the file of no known model", delete));
            }
        }
        for (Path pin : list(cache.root().resolve(ModelCache.PINS))) {
            if (!names.contains(withoutEnding(name(pin), ".json"))) {
                found.add(remove(pin, "the pin of no known model", delete));
            }
        }
        for (Path part : list(cache.root().resolve(ModelCache.PARTS))) {
            String file = fileOfPart(name(part));
            // Whoever holds the lock is writing to it.
            try (DownloadLock lock =
                    DownloadLock.tryAcquire(cache.lockFile(file)).orElse(null)) {
                if (lock != null) {
                    Optional<String> reason = uselessPart(part, file, now);
                    if (reason.isPresent()) {
                        found.add(remove(part, reason.get(), delete));
                    }
                }
            }
        }
        return found;
    }

    private Optional<String> uselessPart(Path part, String file, Instant now) throws IOException {
        if (!files.contains(file)) {
            return Optional.of("a broken-off download of no known model");
        }
        // The record beside a part is as old as its beginning.
        Path growing = part.resolveSibling(file + ModelCache.PART_ENDING);
        Path dated = Files.exists(growing) ? growing : part;
        Duration age = Duration.between(Files.getLastModifiedTime(dated).toInstant(), now);
        return age.compareTo(patience) > 0
                ? Optional.of("a download broken off " + age.toDays() + " days ago")
                : Optional.empty();
    }

    private static String fileOfPart(String name) {
        for (String ending : List.of(
                ModelCache.STATE_ENDING + ModelCache.FRESH_ENDING, ModelCache.STATE_ENDING, ModelCache.PART_ENDING)) {
            if (name.endsWith(ending)) {
                return withoutEnding(name, ending);
            }
        }
        return name;
    }

    private static String withoutEnding(String name, String ending) {
        return name.endsWith(ending) ? name.substring(0, name.length() - ending.length()) : name;
    }

    private static Pruned remove(Path path, String reason, boolean delete) throws IOException {
        long bytes = 0;
        List<Path> files = Files.isDirectory(path) ? list(path) : List.of(path);
        for (Path file : files) {
            bytes += Files.size(file);
            if (delete) {
                Files.deleteIfExists(file);
            }
        }
        if (delete) {
            Files.deleteIfExists(path);
        }
        return new Pruned(path, bytes, reason);
    }

    private static List<Path> list(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.sorted().toList();
        }
    }

    private static String name(Path path) {
        return path.getFileName().toString();
    }
}
