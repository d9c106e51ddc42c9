using System.Reflection;
using System.Text.RegularExpressions;
using HomelabOps.Core.Ssh;

namespace HomelabOps.Core.Tests;

/// <summary>All errors that can be made, and what the pages say of them.</summary>
public sealed partial class ErrorFactoryTests
{
    // Of these a service tells or a cmdlet writes what would terminate where it is thrown.
    private static readonly string[] AlsoTold =
    [
        nameof(Errors.CheckUnreadable), nameof(Errors.FluxKindUnknown), nameof(Errors.FolderInUse), nameof(Errors.KustomizationInvalid), nameof(Errors.KustomizationUnsupported),
        nameof(Errors.ManifestInvalid), nameof(Errors.NoConnection), nameof(Errors.OperationOutdated), nameof(Errors.RevertConflict), nameof(Errors.SchedulerFailed),
        nameof(Errors.SubstitutionFailed), nameof(Errors.SyncthingNotApart),
    ];

    [Fact]
    public void Every_text_of_the_factory_exists() => Assert.All(All(), item =>
    {
        Assert.True(item.Error.Message.Length > 20 && item.Error.Message.Contains(' ', StringComparison.Ordinal), item.Method);
        Assert.NotEqual(item.Error.Id, item.Error.Message);
    });

    [Theory]
    [InlineData(nameof(Errors.AppNotFound), false)]
    [InlineData(nameof(Errors.ContainerNotFound), false)]
    [InlineData(nameof(Errors.NameRequired), true)]
    [InlineData(nameof(Errors.NoConnection), true)]
    public void What_is_not_found_is_one_of_several_and_what_is_missing_ends_the_command(string id, bool terminates) =>
        Assert.All(All().Where(item => item.Error.Id == id), item => Assert.Equal(terminates, item.Error.Terminates));

    // Scripts rely on it: what terminates is caught, and all else needs -ErrorAction Stop for that.
    [Fact]
    public void Pages_and_errors_agree_on_what_terminates()
    {
        var known = All().ToLookup(item => item.Error.Id, item => item.Error.Terminates);
        var wrong = new List<string>();
        foreach (var file in Directory.EnumerateFiles(Folder("docs", "cmdlets"), "*.md").Order(StringComparer.Ordinal))
        {
            foreach (var (id, terminates) in Told(File.ReadAllLines(file)))
            {
                if (known.Contains(id) && !known[id].Contains(terminates) && !(AlsoTold.Contains(id) && !terminates))
                {
                    wrong.Add($"{Path.GetFileName(file)}: {id} {(terminates ? "does not terminate" : "terminates")}");
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    // What nothing is said of terminates, unless the line above the list says that none of them does.
    private static IEnumerable<(string Id, bool Terminates)> Told(IEnumerable<string> lines)
    {
        bool? usual = null;
        foreach (var line in lines)
        {
            if (line.StartsWith("Error ids that scripts may rely on", StringComparison.Ordinal))
            {
                usual = !line.Contains("none of them", StringComparison.Ordinal);
            }
            else if (usual is { } terminates && line.StartsWith("- `", StringComparison.Ordinal) && line.IndexOf(": ", StringComparison.Ordinal) is var end and > 0)
            {
                foreach (Match id in Id().Matches(line[..end]))
                {
                    yield return (id.Groups["id"].Value, terminates && !line.Contains("not terminate", StringComparison.Ordinal));
                }
            }
        }
    }

    private static List<(string Method, HomelabException Error)> All() =>
    [
        .. typeof(Errors).GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.DeclaredOnly).Where(method => method.ReturnType == typeof(HomelabException))
            .Select(method => (method.Name, (HomelabException)method.Invoke(null, [.. method.GetParameters().Select(parameter => Example(parameter.ParameterType))])!)),
    ];

    private static object? Example(Type type) => type switch
    {
        _ when type == typeof(string) => "example",
        _ when type == typeof(long) => 1L,
        _ when type == typeof(TimeSpan) => TimeSpan.FromSeconds(1),
        _ when type == typeof(DateTime) => DateTime.UnixEpoch,
        _ when type == typeof(Exception) => new IOException("reason."),
        _ when type == typeof(ResourceReference) => new ResourceReference("example", "Kustomization", "flux-system", "example"),
        _ when type == typeof(HomelabApp) => new HomelabApp { Kind = "Deployment", Namespace = "media", Name = "example" },
        _ when type == typeof(FailoverReadiness) => new FailoverReadiness { Kind = "Deployment", Namespace = "media", Name = "example", To = "example" },
        _ when type == typeof(HomelabFinding) => new HomelabFinding { Reason = "Example" },
        _ when type.IsAssignableFrom(typeof(HomelabFinding[])) => new[] { new HomelabFinding { Reason = "Example" } },
        _ when type.IsAssignableFrom(typeof(FailoverGate[])) => new[] { new FailoverGate("Example", false, "reason.") },
        _ when type == typeof(FluxResource) => new FluxResource { Kind = "Kustomization", Namespace = "flux-system", Name = "example" },
        _ when type == typeof(SshTarget) => new SshTarget("root", "example", 22),
        _ when type == typeof(HomelabConfigNode) => new HomelabConfigNode { Name = "example" },
        _ when type == typeof(HomelabException) => new HomelabException("Example", ErrorKind.NotSpecified, "reason."),
        _ when type.IsAssignableFrom(typeof(string[])) => new[] { "example" },
        _ when type.IsAssignableFrom(typeof(ResourceReference[])) => new[] { new ResourceReference("example", "Kustomization", "flux-system", "example") },
        _ => type.IsValueType ? Activator.CreateInstance(type) : null,
    };

    private static string Folder(params string[] path)
    {
        var root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "Module.sln")))
        {
            root = Path.GetDirectoryName(root)!;
        }

        return Path.Combine([root, .. path]);
    }

    [GeneratedRegex("`(?<id>[A-Z][A-Za-z]+)`", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Id();
}
