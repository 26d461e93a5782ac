package org.terrachange.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.elements.GivenClassesConjunction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What the design says of the modules, held against the classes.
class ArchitectureTest {
    private static final String ROOT = "org.terrachange.";

    /// A module may use those before it, never those after it.
    private static final List<String> ORDER =
            List.of("raster", "nn", "data", "hub", "detect", "search", "server", "spark", "cli");

    private static JavaClasses classes;

    @BeforeAll
    static void readClasses() {
        classes = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("org.terrachange");
    }

    private static GivenClassesConjunction classesOf(String module) {
        return noClasses().that().resideInAPackage(ROOT + module + "..");
    }

    private static String[] packagesOf(List<String> modules) {
        return modules.stream().map(module -> ROOT + module + "..").toArray(String[]::new);
    }

    private static String moduleOf(String name) {
        int end = name.indexOf('.', ROOT.length());
        return name.substring(ROOT.length(), end < 0 ? name.length() : end);
    }

    @Test
    void everyModuleIsKnown() {
        Set<String> found =
                classes.stream().map(c -> moduleOf(c.getPackageName())).collect(Collectors.toCollection(TreeSet::new));

        assertThat(found).containsExactlyInAnyOrderElementsOf(ORDER);
    }

    @Test
    void modulesDependOnlyOnThoseBeforeThem() {
        for (int i = 0; i < ORDER.size() - 1; i++) {
            classesOf(ORDER.get(i))
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(packagesOf(ORDER.subList(i + 1, ORDER.size())))
                    .check(classes);
        }
    }

    @Test
    void networksKnowNothingOfRasters() {
        classesOf("nn")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(packagesOf(List.of("raster")))
                .check(classes);
    }

    @Test
    void rastersKnowNothingOfTensors() {
        classesOf("raster")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.bytedeco..")
                .check(classes);
    }

    @Test
    void onlyTheFleetKnowsSpark() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + "spark.fleet")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.spark..", "scala..")
                .check(classes);
    }

    @Test
    void packagesDoNotDependOnEachOtherInCircles() {
        // Rasters is the one door to all formats: it knows every reader, and every reader knows the types beside it.
        DescribedPredicate<JavaClass> door = DescribedPredicate.describe(
                "the door to all formats", c -> c.getFullName().equals(ROOT + "raster.Rasters"));

        slices().matching("org.terrachange.(**)")
                .should()
                .beFreeOfCycles()
                .ignoreDependency(door, DescribedPredicate.alwaysTrue())
                .check(classes);
    }

    @Test
    void librariesSpeakOnlyThroughResultsAndExceptions() {
        JavaClasses libraries = classes.that(DescribedPredicate.describe(
                "not of the command", c -> !c.getPackageName().startsWith(ROOT + "cli")));

        NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(libraries);
        NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING.check(libraries);
    }

    @Test
    void onlyTheProgramItselfEndsTheProcess() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName(Main.class.getName())
                .should()
                .callMethod(System.class, "exit", int.class)
                .check(classes);
    }

    @Test
    void everyPackageStatesItsJobAndForbidsNull() throws IOException {
        Path repository = Path.of("..");
        for (String module : ORDER) {
            Path sources = repository.resolve(module).resolve("src/main/java");
            try (var files = Files.walk(sources)) {
                Set<Path> packages = files.filter(file -> file.toString().endsWith(".java"))
                        .map(Path::getParent)
                        .collect(Collectors.toSet());
                for (Path folder : packages) {
                    Path info = folder.resolve("package-info.java");
                    assertThat(info).exists();
                    assertThat(Files.readString(info)).startsWith("/// ").contains("@NullMarked\npackage ");
                }
            }
        }
    }
}
