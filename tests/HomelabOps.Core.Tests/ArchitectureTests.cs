using HomelabOps.Core.Streaming;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace HomelabOps.Core.Tests;

/// <summary>Keeps the floors of docs/ARCHITECTURE.md: imports go one way, downwards, and never to a neighbour.</summary>
public sealed class ArchitectureTests
{
    private const string Root = "HomelabOps.Core";

    // Every folder of Core has its floor here. Streaming, Patching, Schemas, Machine, Ssh, Journal and the errors (the root namespace) are below all.
    private static readonly Dictionary<string, int> Floors = new(StringComparer.Ordinal)
    {
        [""] = 1,
        ["Streaming"] = 1,
        ["Patching"] = 1,
        ["Schemas"] = 1,
        ["Machine"] = 1,
        ["Ssh"] = 1,
        ["Kubernetes"] = 2,
        ["GitOps"] = 2,
        ["Journal"] = 1,
        ["Workloads"] = 3,
        ["Flux"] = 3,
        ["Topology"] = 3,
        ["Replication"] = 3,
        ["Mounts"] = 3,
        ["Nfs"] = 3,
        ["Storage"] = 3,
        ["Volumes"] = 3,
        ["MetalLB"] = 3,
        ["Applications"] = 4,
        ["Backups"] = 5,
        ["Databases"] = 6,
        ["Delivery"] = 4,
        ["Draining"] = 5,
        ["Remounting"] = 4,
        ["Diagnosis"] = 4,
        ["Repairs"] = 5,
        ["Operations"] = 7,
        ["Drills"] = 8,
        ["Recovery"] = 6,
        ["Reporting"] = 8,
        ["Scheduling"] = 5,
    };

    [Fact]
    public void Every_folder_of_Core_has_a_floor()
    {
        using var core = Read(typeof(Merge).Assembly.Location);
        var unknown = OwnTypes(core).Select(Folder).Distinct().Where(folder => !Floors.ContainsKey(folder));
        Assert.Empty(unknown);
    }

    [Fact]
    public void No_folder_of_Core_uses_a_floor_above_or_a_neighbour()
    {
        using var core = Read(typeof(Merge).Assembly.Location);
        var violations = OwnTypes(core)
            .SelectMany(type => Uses(type).Where(IsCore).Select(used => (From: type, To: used)))
            .Where(use => !MayUse(Folder(use.From), Folder(use.To)))
            .Select(use => $"{use.From.FullName} -> {use.To.FullName}")
            .Distinct();
        Assert.Empty(violations);
    }

    [Theory]
    [InlineData("Flux", "Kubernetes", true)]
    [InlineData("Flux", "Flux", true)]
    [InlineData("Flux", "", true)]
    [InlineData("Kubernetes", "Streaming", true)]
    [InlineData("Operations", "Delivery", true)]
    [InlineData("Kubernetes", "Flux", false)]
    [InlineData("GitOps", "Kubernetes", false)]
    [InlineData("Flux", "Volumes", false)]
    [InlineData("Diagnosis", "Delivery", false)]
    [InlineData("Streaming", "Kubernetes", false)]
    [InlineData("Patching", "Kubernetes", false)]
    [InlineData("GitOps", "Patching", true)]
    [InlineData("Elsewhere", "Kubernetes", false)]
    [InlineData("Kubernetes", "Elsewhere", false)]
    public void The_rule_itself_tells_allowed_from_forbidden(string from, string to, bool allowed) => Assert.Equal(allowed, MayUse(from, to));

    [Fact]
    public void Uses_are_found_wherever_they_hide()
    {
        using var tests = Read(typeof(ArchitectureTests).Assembly.Location);
        var probe = tests.MainModule.GetType(typeof(ArchitectureTests).FullName).NestedTypes.Single(type => type.Name == nameof(Probe));
        var uses = Nested(probe).SelectMany(Uses).Select(type => type.Name).ToHashSet(StringComparer.Ordinal);
        Assert.Superset(
            new HashSet<string>([nameof(WarningNotice), nameof(FailureNotice), nameof(VerboseNotice), "Streamed`1", nameof(Merge), nameof(HomelabException), nameof(ErrorKind), nameof(Notice)], StringComparer.Ordinal),
            uses);
    }

    [Fact]
    public void Model_references_nothing_but_the_framework()
    {
        using var model = Read(typeof(HomelabRecord).Assembly.Location);
        Assert.All(References(model), name => Assert.True(name.StartsWith("System.", StringComparison.Ordinal) || name is "netstandard" or "mscorlib", name));
        Assert.DoesNotContain("System.Management.Automation", References(model));
    }

    [Fact]
    public void Core_references_neither_PowerShell_nor_the_cmdlets()
    {
        using var core = Read(typeof(Merge).Assembly.Location);
        Assert.DoesNotContain("System.Management.Automation", References(core));
        Assert.DoesNotContain("HomelabOps", References(core));
        Assert.Contains("HomelabOps.Model", References(core));
    }

    [Fact]
    public void The_projects_reference_only_what_is_below_them()
    {
        // The cmdlets are not built for these tests, so their place is read from the projects.
        var root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "Module.sln")))
        {
            root = Path.GetDirectoryName(root) ?? throw new InvalidOperationException("The tests run outside of the repository.");
        }

        string[] order = ["HomelabOps.Model", "HomelabOps.Core", "HomelabOps.Sandbox", "HomelabOps", "HomelabOps.Console"];
        foreach (var project in Directory.GetFiles(Path.Combine(root, "src"), "*.csproj", SearchOption.AllDirectories))
        {
            var own = Array.IndexOf(order, Path.GetFileNameWithoutExtension(project));
            Assert.True(own >= 0, $"{project} has no place in the order");
            var used = System.Xml.Linq.XDocument.Load(project).Descendants("ProjectReference")
                .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')));
            Assert.All(used, name => Assert.InRange(Array.IndexOf(order, name), 0, own - 1));
        }
    }

    private static bool MayUse(string from, string to) => from == to
        ? Floors.ContainsKey(from)
        : Floors.TryGetValue(from, out var own) && Floors.TryGetValue(to, out var other) && (other < own || other == 1);

    private static AssemblyDefinition Read(string path) => AssemblyDefinition.ReadAssembly(path);

    private static IEnumerable<string> References(AssemblyDefinition assembly) => assembly.MainModule.AssemblyReferences.Select(reference => reference.Name);

    // Without what the compiler adds outside of our namespaces.
    private static IEnumerable<TypeDefinition> OwnTypes(AssemblyDefinition assembly) => assembly.MainModule.Types.Where(IsCore).SelectMany(Nested);

    private static IEnumerable<TypeDefinition> Nested(TypeDefinition type) => type.NestedTypes.SelectMany(Nested).Prepend(type);

    private static bool IsCore(TypeReference type) => Namespace(type) is var space && (space == Root || space.StartsWith(Root + ".", StringComparison.Ordinal));

    private static string Folder(TypeReference type) => Namespace(type) is var space && space.Length <= Root.Length ? "" : space[(Root.Length + 1)..].Split('.')[0];

    // A nested type, also one that the compiler made of a lambda or an async method, lives where its outermost does.
    private static string Namespace(TypeReference type) => type.DeclaringType is { } outer ? Namespace(outer) : type.Namespace;

    private static IEnumerable<TypeReference> Uses(TypeDefinition type)
    {
        var direct = new List<TypeReference?> { type.BaseType };
        direct.AddRange(type.Interfaces.Select(one => one.InterfaceType));
        direct.AddRange(type.Fields.Select(field => field.FieldType));
        direct.AddRange(type.Properties.Select(property => property.PropertyType));
        direct.AddRange(type.GenericParameters.SelectMany(parameter => parameter.Constraints).Select(constraint => constraint.ConstraintType));
        direct.AddRange(type.CustomAttributes.SelectMany(Uses));
        foreach (var method in type.Methods)
        {
            direct.AddRange(Uses(method));
            direct.AddRange(method.GenericParameters.SelectMany(parameter => parameter.Constraints).Select(constraint => constraint.ConstraintType));
            direct.AddRange(method.CustomAttributes.SelectMany(Uses));
            foreach (var instruction in method.HasBody ? method.Body.Instructions : [])
            {
                direct.AddRange(Uses(instruction));
            }

            direct.AddRange(method.HasBody ? method.Body.Variables.Select(variable => variable.VariableType) : []);
            direct.AddRange(method.HasBody ? method.Body.ExceptionHandlers.Select(handler => handler.CatchType) : []);
        }

        return direct.SelectMany(Parts);
    }

    private static IEnumerable<TypeReference?> Uses(CustomAttribute attribute) =>
        attribute.ConstructorArguments.Select(argument => argument.Value as TypeReference).Prepend(attribute.AttributeType);

    private static IEnumerable<TypeReference?> Uses(Instruction instruction) => instruction.Operand switch
    {
        MethodReference method => Uses(method).Append(method.DeclaringType),
        FieldReference field => [field.DeclaringType, field.FieldType],
        TypeReference type => [type],
        _ => [],
    };

    private static IEnumerable<TypeReference?> Uses(MethodReference method) =>
        method.Parameters.Select(parameter => parameter.ParameterType)
            .Concat(method is GenericInstanceMethod generic ? generic.GenericArguments : [])
            .Append(method.ReturnType);

    // A list of arrays of a type uses that type.
    private static IEnumerable<TypeReference> Parts(TypeReference? type) => type switch
    {
        null or GenericParameter => [],
        GenericInstanceType generic => generic.GenericArguments.SelectMany(Parts).Concat(Parts(generic.ElementType)),
        TypeSpecification wrapped => Parts(wrapped.ElementType),
        { DeclaringType: { } outer } => Parts(outer),
        _ => [type],
    };

    /// <summary>Uses a type of Core in each of the places where one can hide.</summary>
    private sealed class Probe
    {
        private readonly List<WarningNotice[]> _field = [];

        public static Func<FailureNotice?>? Property { get; set; }

        public static Type Token() => typeof(VerboseNotice);

        public static async Task<int> Async()
        {
            await Task.Yield();
            Streamed<int> local = 1;
            return local.Value;
        }

        public static IAsyncEnumerable<int> Call() => Merge.All<int>([], default);

        public void Catch()
        {
            try
            {
                _field.Clear();
            }
            catch (HomelabException error) when (error.Kind == ErrorKind.NotSpecified)
            {
                _field.Add([]);
            }
        }

        public static void Constrained<T>()
            where T : Notice
        {
        }
    }
}
