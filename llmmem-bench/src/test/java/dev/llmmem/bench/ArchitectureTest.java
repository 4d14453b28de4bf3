package dev.llmmem.bench;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.domain.JavaTypeVariable;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.EvaluationResult;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import dev.llmmem.memory.MemoryKind;
import dev.llmmem.memory.Phase;
import dev.llmmem.units.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.net.URL;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Which package may use which, and what public signatures may show. */
class ArchitectureTest {

    /** For each package the others that it may use; its own subpackages always. */
    private static final Map<String, List<String>> ARROWS = Map.ofEntries(
            Map.entry("units", List.of()),
            Map.entry("model", List.of("units")),
            Map.entry("workload", List.of("model", "units")),
            Map.entry("memory", List.of("workload", "model", "units")),
            Map.entry("formats", List.of("workload", "model", "units")),
            Map.entry("metrics", List.of()),
            Map.entry("hardware", List.of("memory", "formats", "workload", "model", "units")),
            Map.entry("plan", List.of("hardware", "memory", "formats", "workload", "model", "units")));

    /** Packages that are one idea with their subpackages, which therefore may use each other. */
    private static final Set<String> UNDIVIDED = Set.of("memory", "model", "formats");

    private static final String[] HIDDEN_LIBRARIES = {"com.google.common..", "tools.jackson.."};

    private static final JavaClasses LIBRARY = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.llmmem");

    private static Stream<Arguments> arrows() {
        return ARROWS.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(arrow -> Arguments.of(arrow.getKey(), arrow.getValue()));
    }

    @ParameterizedTest
    @MethodSource("arrows")
    void packageUsesOnlyThoseBelowIt(String name, List<String> others) {
        usesOnly(name, others).check(LIBRARY);
    }

    @Test
    void everyPackageHasItsPlace() {
        Set<String> unknown = new TreeSet<>();
        for (JavaClass type : LIBRARY) {
            String name =
                    type.getPackageName().replaceFirst("^dev\\.llmmem\\.?", "").replaceFirst("\\..*", "");
            if (!ARROWS.containsKey(name) && !name.equals("bench")) {
                unknown.add(type.getPackageName());
            }
        }
        assertThat(unknown).as("packages without a line in ARROWS").isEmpty();
    }

    @Test
    void packagesFormNoCycle() {
        slices().assignedFrom(new Packages())
                .should()
                .beFreeOfCycles()
                .allowEmptyShould(true)
                .check(LIBRARY);
    }

    /** The tape knows no model, the models know no loop. */
    @Test
    void traceIsInLayers() {
        uses("memory.trace", "memory.trace", "memory").check(LIBRARY);
        uses("memory.trace.modeling", "memory.trace.modeling", "memory.trace", "memory")
                .check(LIBRARY);
        uses("memory.trace.loop", "memory.trace.loop", "memory.trace.modeling", "memory.trace", "memory")
                .check(LIBRARY);
    }

    /** Of the package above it, the engine shares the names of phases and kinds, and nothing else. */
    @Test
    void traceUsesOnlyTheWordsOfMemory() {
        noClasses()
                .that()
                .resideInAPackage("dev.llmmem.memory.trace..")
                .should()
                .dependOnClassesThat(
                        resideInAPackage("dev.llmmem.memory").and(not(belongToAnyOf(Phase.class, MemoryKind.class))))
                .check(LIBRARY);
    }

    @Test
    void architecturesAreInternalToModel() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.llmmem.model..", "dev.llmmem.formats..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.llmmem.model.architecture..")
                .check(LIBRARY);
    }

    @Test
    void publicSignaturesHideTheLibrariesBehindThem() throws IOException {
        Set<String> exported = exportedPackages();
        assertThat(exported).contains("dev.llmmem.units");
        classes()
                .that(describe("are exported", type -> exported.contains(type.getPackageName())))
                .should(hideLibraries())
                .check(LIBRARY);
    }

    @Test
    void signatureRuleFindsEveryKindOfLeak() {
        JavaClasses leaks = new ClassFileImporter()
                .importClasses(LeakyFixture.class, LeakyFixture.Inner.class, LeakyFixture.HiddenInner.class);
        EvaluationResult result = classes().should(hideLibraries()).evaluate(leaks);
        String found = String.join("\n", result.getFailureReport().getDetails());
        assertThat(found)
                .contains("LeakyFixture shows com.google.common.collect.ForwardingList")
                .contains("LeakyFixture.field shows com.google.common.collect.ImmutableList")
                .contains("LeakyFixture.nested() shows com.google.common.collect.ImmutableList")
                .contains("LeakyFixture.parameter(tools.jackson.core.JsonParser) shows tools.jackson.core.JsonParser")
                .contains("LeakyFixture.thrower() shows tools.jackson.core.JacksonException")
                .contains("LeakyFixture.variable() shows tools.jackson.core.JsonParser")
                .contains(
                        "LeakyFixture$Inner.<init>(tools.jackson.core.JsonParser) shows tools.jackson.core.JsonParser")
                .doesNotContainIgnoringCase("hidden");
    }

    @Test
    void arrowRuleFindsAnArrowTheWrongWay() {
        JavaClasses user = new ClassFileImporter().importClasses(UsesUnits.class);
        assertThat(usesOnly("bench", List.of("units")).evaluate(user).hasViolation())
                .isFalse();
        assertThat(usesOnly("bench", List.of("model")).evaluate(user).hasViolation())
                .isTrue();
    }

    /** Within {@code memory}, a package without its subpackages uses only those named. */
    private static ArchRule uses(String name, String... others) {
        String[] permitted =
                Stream.of(others).map(other -> "dev.llmmem." + other).toArray(String[]::new);
        return classes()
                .that()
                .resideInAPackage("dev.llmmem." + name)
                .should()
                .onlyDependOnClassesThat(
                        resideOutsideOfPackage("dev.llmmem.memory..").or(resideInAnyPackage(permitted)));
    }

    private static ArchRule usesOnly(String name, List<String> others) {
        String[] permitted = Stream.concat(Stream.of(name), others.stream())
                .map(other -> "dev.llmmem." + other + "..")
                .toArray(String[]::new);
        return classes()
                .that()
                .resideInAPackage("dev.llmmem." + name + "..")
                .should()
                .onlyDependOnClassesThat(resideOutsideOfPackage("dev.llmmem..").or(resideInAnyPackage(permitted)))
                .allowEmptyShould(true);
    }

    /** Each package is a slice, but for the undivided ones. */
    private static final class Packages implements SliceAssignment {

        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
            String name = type.getPackageName().replaceFirst("^dev\\.llmmem\\.?", "");
            String first = name.replaceFirst("\\..*", "");
            return SliceIdentifier.of(UNDIVIDED.contains(first) ? first : name);
        }

        @Override
        public String getDescription() {
            return "packages";
        }
    }

    /** The packages that the module descriptors on the class path export. */
    private static Set<String> exportedPackages() throws IOException {
        Set<String> exported = new HashSet<>();
        for (URL url : Collections.list(ArchitectureTest.class.getClassLoader().getResources("module-info.class"))) {
            try (InputStream in = url.openStream()) {
                ModuleDescriptor module = ModuleDescriptor.read(in);
                if (module.name().startsWith("dev.llmmem.")) {
                    module.exports().stream()
                            .filter(export -> !export.isQualified())
                            .forEach(export -> exported.add(export.source()));
                }
            }
        }
        return exported;
    }

    private static ArchCondition<JavaClass> hideLibraries() {
        return new ArchCondition<>("show no type of " + String.join(" or ", HIDDEN_LIBRARIES)) {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                if (!isVisible(type)) {
                    return;
                }
                type.getSuperclass().ifPresent(parent -> report(type, type.getName(), parent, events));
                type.getInterfaces().forEach(parent -> report(type, type.getName(), parent, events));
                type.getTypeParameters().forEach(variable -> report(type, type.getName(), variable, events));
                for (JavaMember member : type.getMembers()) {
                    if (isVisible(member.getModifiers())) {
                        typesOf(member).forEach(shown -> report(type, member.getFullName(), shown, events));
                    }
                }
            }
        };
    }

    private static boolean isVisible(JavaClass type) {
        return isVisible(type.getModifiers())
                && type.getEnclosingClass().map(ArchitectureTest::isVisible).orElse(true);
    }

    private static boolean isVisible(Set<JavaModifier> modifiers) {
        return modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED);
    }

    private static Stream<JavaType> typesOf(JavaMember member) {
        if (member instanceof JavaField field) {
            return Stream.of(field.getType());
        }
        JavaCodeUnit code = (JavaCodeUnit) member;
        Stream<JavaType> parameters = code.getParameterTypes().stream();
        Stream<JavaType> thrown = code.getExceptionTypes().stream().map(JavaType.class::cast);
        Stream<JavaType> variables = code.getTypeParameters().stream().map(JavaType.class::cast);
        return Stream.of(Stream.of(code.getReturnType()), parameters, thrown, variables)
                .flatMap(types -> types);
    }

    private static void report(JavaClass owner, String where, JavaType shown, ConditionEvents events) {
        Stream<JavaClass> bounds = shown instanceof JavaTypeVariable<?> variable
                ? variable.getUpperBounds().stream().flatMap(bound -> bound.getAllInvolvedRawTypes().stream())
                : Stream.empty();
        Stream.concat(shown.getAllInvolvedRawTypes().stream(), bounds)
                .filter(resideInAnyPackage(HIDDEN_LIBRARIES))
                .forEach(library ->
                        events.add(SimpleConditionEvent.violated(owner, where + " shows " + library.getName())));
    }

    private static final class UsesUnits {
        private final Bytes size = Bytes.ZERO;

        @Override
        public String toString() {
            return size.toString();
        }
    }
}
