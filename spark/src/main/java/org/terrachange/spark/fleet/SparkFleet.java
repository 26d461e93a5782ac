package org.terrachange.spark.fleet;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.spark.SimpleFutureAction;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.jspecify.annotations.Nullable;
import scala.collection.Iterator;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractFunction0;
import scala.runtime.AbstractFunction1;
import scala.runtime.AbstractFunction2;
import scala.runtime.BoxedUnit;

/// The executors of a Spark application, which begins and ends with this object. One at a time in a process.
///
/// Without a master, the workers are threads of this process, one a core; each failing task is tried three times,
/// as on a cluster four times.
public final class SparkFleet implements Fleet, AutoCloseable {
    /// Of more tasks, several go together: the driver knows something of each.
    private static final int MOST_SLICES = 10_000;

    private static final String LOCAL = "local[*,3]";

    /// What the program needs of Java on every machine: libtorch is called without a warning, and Spark reaches
    /// into memory as Java still lets it.
    private static final String JAVA_OPTIONS = "--enable-native-access=ALL-UNNAMED"
            + " --sun-misc-unsafe-memory-access=allow -Djava.awt.headless=true -XX:-UsePerfData";

    private static final long LOOK_MILLIS = 100;
    private static final long PATIENCE_MILLIS = 2000;

    private final JavaSparkContext context;
    private final Path staging;

    private SparkFleet(JavaSparkContext context, Path staging) {
        this.context = context;
        this.staging = staging;
    }

    /// Starts the application; on this machine that takes a few seconds.
    ///
    /// @throws IOException if the master cannot be reached or the options do not fit together
    public static SparkFleet start(FleetSettings settings) throws IOException {
        SparkConf conf = new SparkConf().setAppName("terrachange");
        settings.options().forEach(conf::set);
        settings.master().ifPresent(conf::setMaster);
        conf.setIfMissing("spark.master", LOCAL);
        conf.setIfMissing("spark.ui.enabled", "false");
        conf.setIfMissing("spark.ui.showConsoleProgress", "false");
        conf.setIfMissing("spark.executor.extraJavaOptions", JAVA_OPTIONS);
        // As the launcher does: large blocks of native memory are kept for the next tile.
        conf.setIfMissing("spark.executorEnv.MALLOC_MMAP_THRESHOLD_", "1073741824");
        conf.setIfMissing("spark.executorEnv.MALLOC_TRIM_THRESHOLD_", "8589934592");
        if (conf.get("spark.master").startsWith("local")) {
            conf.setIfMissing("spark.driver.bindAddress", "127.0.0.1");
            conf.setIfMissing("spark.driver.host", "127.0.0.1");
        } else if (!conf.contains("spark.jars")) {
            settings.program().ifPresent(path -> conf.setIfMissing("spark.executor.extraClassPath", path));
        }
        Path staging = Files.createTempDirectory("terrachange-fleet");
        try {
            return new SparkFleet(new JavaSparkContext(conf), staging);
        } catch (RuntimeException e) {
            FileTrees.delete(staging);
            throw new IOException("Spark could not be started at " + conf.get("spark.master") + ": " + words(e), e);
        }
    }

    @Override
    public DeliveredFile deliver(Path file, String role) throws IOException {
        DeliveredFile delivered = new DeliveredFile(role, String.valueOf(file.getFileName()));
        Path copy = staging.resolve(delivered.sentAs());
        Files.copy(file, copy);
        context.addFile(copy.toString());
        return delivered;
    }

    @Override
    public <T extends Serializable, R extends Serializable> void run(
            List<T> tasks, Work<T, R> work, Consumer<R> answers) throws IOException, InterruptedException {
        if (tasks.isEmpty()) {
            return;
        }
        int slices = Math.min(tasks.size(), MOST_SLICES);
        BlockingQueue<List<R>> arrived = new LinkedBlockingQueue<>();
        try {
            SimpleFutureAction<Object> job = submit(tasks, slices, work, arrived);
            try {
                while (!job.isCompleted() || !arrived.isEmpty()) {
                    List<R> some = arrived.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                    if (some != null) {
                        some.forEach(answers);
                    }
                }
            } catch (InterruptedException | RuntimeException e) {
                job.cancel();
                throw e;
            }
            if (job.value().get().isFailure()) {
                throw failure(job.value().get().failed().get());
            }
        } catch (IllegalStateException e) {
            if (context.sc().isStopped()) {
                throw failure(e);
            }
            throw e;
        }
    }

    private <T extends Serializable, R extends Serializable> SimpleFutureAction<Object> submit(
            List<T> tasks, int slices, Work<T, R> work, BlockingQueue<List<R>> arrived) {
        context.setJobGroup("terrachange", "terrachange", true);
        JavaRDD<T> rdd = context.parallelize(tasks, slices);
        Seq<Object> all = CollectionConverters.asScala(IntStream.range(0, slices)
                        .boxed()
                        .map(Object.class::cast)
                        .toList())
                .toSeq();
        return context.sc().submitJob(rdd.rdd(), new SliceWork<>(work), all, new Arrival<>(arrived), new Nothing());
    }

    /// What it means that a job ended without its answers.
    ///
    /// @throws InterruptedException if that was asked for
    private IOException failure(Throwable cause) throws InterruptedException {
        if (!context.sc().isStopped()) {
            return new IOException("a task failed too often: " + words(cause), cause);
        }
        // The end of this process stops Spark and interrupts this thread, in any order.
        Thread.sleep(PATIENCE_MILLIS);
        return new IOException(
                "the cluster ended the application; the logs of its workers say why their processes could not go on",
                cause);
    }

    /// The first line: Spark puts traces of other machines into its messages.
    private static String words(Throwable failure) {
        String message = failure.getMessage();
        return message == null
                ? failure.toString()
                : message.lines().findFirst().orElse(failure.toString());
    }

    /// Ends the application. Models that were loaded in this process are closed.
    @Override
    public void close() throws IOException {
        context.close();
        LoadedModels.close();
        FileTrees.delete(staging);
    }

    /// Does the tasks of one slice, one after the other.
    private static final class SliceWork<T extends Serializable, R extends Serializable>
            extends AbstractFunction1<Iterator<T>, List<R>> implements Serializable {
        private static final long serialVersionUID = 1;
        private final Work<T, R> work;

        SliceWork(Work<T, R> work) {
            this.work = work;
        }

        @Override
        public List<R> apply(Iterator<T> tasks) {
            List<R> answers = new ArrayList<>();
            while (tasks.hasNext()) {
                try {
                    answers.add(work.answer(tasks.next()));
                } catch (IOException | InterruptedException e) {
                    throw SliceWork.<RuntimeException>unchecked(e);
                }
            }
            return answers;
        }

        /// Scala's functions declare no exceptions, and Spark knows an interrupted task by its type.
        @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
        private static <E extends Exception> E unchecked(Exception e) throws E {
            throw (E) e;
        }
    }

    /// Runs on Spark's own thread, which must not wait.
    private static final class Arrival<R> extends AbstractFunction2<Object, List<R>, BoxedUnit> {
        private final BlockingQueue<List<R>> arrived;

        Arrival(BlockingQueue<List<R>> arrived) {
            this.arrived = arrived;
        }

        @Override
        public BoxedUnit apply(Object slice, List<R> answers) {
            arrived.add(answers);
            return BoxedUnit.UNIT;
        }
    }

    private static final class Nothing extends AbstractFunction0<Object> {
        @Override
        public @Nullable Object apply() {
            return BoxedUnit.UNIT;
        }
    }
}
