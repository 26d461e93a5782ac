package org.terrachange.server.storage;

import io.javalin.http.HttpStatus;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.terrachange.raster.RasterSource;
import org.terrachange.raster.Window;
import org.terrachange.raster.image.PngWriter;
import org.terrachange.server.web.Json;
import org.terrachange.server.web.Refusal;

/// Images that were uploaded. Each has a folder with a name of ours, which appears when the upload is complete
/// and found to be an image.
public final class Uploads implements Shelf {
    private static final String DESCRIPTION = "upload.json";
    private static final String PREVIEW = "preview.png";
    private static final String IMAGE = "image.";
    private static final int PREVIEW_SIZE = 768;
    private static final int LONGEST_NAME = 120;

    /// Uploads that may come in at once: each may be as long as any.
    private static final int MOST_AT_ONCE = 16;

    /// Bytes after which it is looked again whether the disk has room.
    private static final long CHECKED_BYTES = 64L << 20;

    /// Left free on the disk, so that the job store and the system can go on.
    private static final long SPARE_BYTES = 256L << 20;

    private final Path folder;
    private final Path incoming;
    private final long mostBytes;
    private final long mostPixels;
    private final DecodeLimit decoding;
    private final Semaphore places = new Semaphore(MOST_AT_ONCE);

    /// @param folder for the uploads; created if needed, and nothing else is in it
    /// @param mostBytes of one upload
    /// @param mostPixels of one image
    public Uploads(Path folder, long mostBytes, long mostPixels, DecodeLimit decoding) throws IOException {
        this.folder = Files.createDirectories(folder);
        this.mostBytes = mostBytes;
        this.mostPixels = mostPixels;
        this.decoding = decoding;
        incoming = folder.resolve("incoming");
        // What a server that was killed left half received.
        FolderTree.delete(incoming);
        Files.createDirectories(incoming);
    }

    /// What stands in the file beside an image.
    private record Kept(String name, ImageContent content, ImageDescription image) {}

    /// An upload on its way: bytes go in, and either [#complete] makes an image of them or [#close] forgets them.
    public final class Reception implements AutoCloseable {
        private final String id = StoredId.next();
        private final Path place = incoming.resolve(id);
        private final Path file;
        private final OutputStream out;
        private long received;
        private long checked;

        private Reception() throws IOException {
            Files.createDirectory(place);
            file = place.resolve("received");
            out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW);
        }

        /// Takes the next bytes.
        ///
        /// @throws Refusal with 413 if they are too many, 507 if the disk is full
        public void write(byte[] bytes, int offset, int count) throws IOException {
            received += count;
            if (received > mostBytes) {
                throw tooLong(mostBytes);
            }
            out.write(bytes, offset, count);
            if (received - checked > CHECKED_BYTES) {
                checked = received;
                requireSpace(place, 0);
            }
        }

        /// Looks at what was received, and keeps it if it is an image.
        ///
        /// @param name that the sender's file has, for people; no path is made of it
        /// @throws Refusal with 415 or 422 if it is no image that can be used
        public ImageDescription complete(String name) throws IOException, InterruptedException {
            out.close();
            String label = label(name);
            ImageContent content = ImageContent.of(file)
                    .orElseThrow(() -> Refusal.of(
                            HttpStatus.UNSUPPORTED_MEDIA_TYPE,
                            label + ": is no image that this server takes; send a TIFF, a PNG or a JPEG"));
            Path image = Files.move(file, place.resolve(IMAGE + content.extension()));
            StoredImage stored = new StoredImage(new ImageRef.Upload(id), image, label, content);
            ImageDescription description = decoding.call(() -> look(stored));
            Files.write(
                    place.resolve(DESCRIPTION), Json.MAPPER.writeValueAsBytes(new Kept(label, content, description)));
            Files.move(place, folder.resolve(id), StandardCopyOption.ATOMIC_MOVE);
            return description;
        }

        private ImageDescription look(StoredImage stored) throws IOException {
            try (RasterSource source = stored.open(mostPixels)) {
                // A block from the middle: damage that shows at once need not wait for a job.
                int x = source.grid().width() / 2;
                int y = source.grid().height() / 2;
                source.read(new Window(x, y, 1, 1));
                return ImageDescription.of(stored, source, received, "/uploads/" + id + "/" + PREVIEW);
            }
        }

        @Override
        public void close() throws IOException {
            try {
                out.close();
                FolderTree.delete(place);
            } finally {
                places.release();
            }
        }
    }

    /// Starts to receive an upload.
    ///
    /// @param announced its length in bytes, as far as it is known; negative where it is not
    /// @throws Refusal with 413 if that is too much, 503 if too many others come in, 507 if the disk is too full
    public Reception receive(long announced) throws IOException {
        requireLength(announced);
        requireSpace(folder, Math.max(0, announced));
        if (!places.tryAcquire()) {
            throw Refusal.of(HttpStatus.SERVICE_UNAVAILABLE, "too many uploads come in; try again later")
                    .withHeader("Retry-After", "10");
        }
        try {
            return new Reception();
        } catch (IOException | RuntimeException e) {
            places.release();
            throw e;
        }
    }

    /// Refuses what is too long for any upload, before anything is done for it.
    ///
    /// @param announced length in bytes, as far as it is known; negative where it is not
    /// @throws Refusal with 413 if that is too much
    public void requireLength(long announced) {
        if (announced > mostBytes) {
            throw tooLong(mostBytes);
        }
    }

    private static void requireSpace(Path folder, long bytes) throws IOException {
        if (Files.getFileStore(folder).getUsableSpace() - bytes < SPARE_BYTES) {
            throw full();
        }
    }

    private static Refusal tooLong(long most) {
        return Refusal.of(HttpStatus.CONTENT_TOO_LARGE, "the upload is longer than " + most + " bytes");
    }

    /// There is no room for another upload.
    public static Refusal full() {
        return Refusal.of(HttpStatus.INSUFFICIENT_STORAGE, "the server's disk is full; try again later");
    }

    /// The last part of a name that may be a path of any system, without what is not for reading.
    static String label(String name) {
        String last = name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1)
                .replaceAll("\\p{C}", "")
                .strip();
        if (last.length() > LONGEST_NAME) {
            boolean splits = Character.isHighSurrogate(last.charAt(LONGEST_NAME - 1));
            last = last.substring(0, splits ? LONGEST_NAME - 1 : LONGEST_NAME);
        }
        return last.isEmpty() ? "image" : last;
    }

    /// The image of an upload, if it is here. Being asked for keeps it from being thrown away.
    public Optional<StoredImage> find(String id) throws IOException {
        Optional<Kept> kept = kept(id);
        if (kept.isPresent()) {
            Files.setLastModifiedTime(description(id), FileTime.from(Instant.now()));
        }
        return kept.map(upload -> new StoredImage(
                new ImageRef.Upload(id),
                folder.resolve(id).resolve(IMAGE + upload.content().extension()),
                upload.name(),
                upload.content()));
    }

    /// What is known of an upload, if it is here.
    public Optional<ImageDescription> describe(String id) throws IOException {
        return kept(id).map(Kept::image);
    }

    private Optional<Kept> kept(String id) throws IOException {
        if (!StoredId.isOne(id)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Json.MAPPER.readValue(Files.readAllBytes(description(id)), Kept.class));
        } catch (NoSuchFileException _) {
            return Optional.empty();
        }
    }

    private Path description(String id) {
        return folder.resolve(id).resolve(DESCRIPTION);
    }

    /// A small PNG of an upload, made when it is first asked for.
    public Optional<Path> preview(String id) throws IOException, InterruptedException {
        Optional<StoredImage> image = find(id);
        if (image.isEmpty()) {
            return Optional.empty();
        }
        Path picture = folder.resolve(id).resolve(PREVIEW);
        if (Files.notExists(picture)) {
            decoding.call(() -> {
                try (RasterSource source = image.get().open(mostPixels)) {
                    PngWriter.write(picture, Preview.of(source, PREVIEW_SIZE));
                }
                return picture;
            });
        }
        return Optional.of(picture);
    }

    @Override
    public List<Item> items() throws IOException {
        List<Item> items = new ArrayList<>();
        try (var entries = Files.list(folder)) {
            for (Path entry : (Iterable<Path>) entries::iterator) {
                String id = entry.getFileName().toString();
                if (StoredId.isOne(id) && Files.exists(description(id))) {
                    items.add(new Item(
                            id, Files.getLastModifiedTime(description(id)).toInstant(), FolderTree.bytes(entry)));
                }
            }
        }
        return items;
    }

    @Override
    public long bytes() throws IOException {
        return FolderTree.bytes(folder);
    }

    @Override
    public void discard(String id) throws IOException {
        if (StoredId.isOne(id)) {
            // The description goes first: without it the upload is gone for everybody.
            Files.deleteIfExists(description(id));
            FolderTree.delete(folder.resolve(id));
        }
    }
}
