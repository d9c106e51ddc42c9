using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Kustomize;
using HomelabOps.Core.GitOps.Yaml;

namespace HomelabOps.Core.Tests.GitOps;

/// <summary>The kustomizations in Builds, what kustomize made of them, and how to compare.</summary>
internal static class GitOpsSamples
{
    private static readonly Lazy<string?> Found = new(FindKubectl);

    /// <summary>A kubectl that has kustomize 5.5 or later; null where none is.</summary>
    public static string? Kubectl => Found.Value;

    public static string Builds => Path.Combine(Repository(), "tests", "HomelabOps.Core.Tests", "GitOps", "Builds");

    public static IEnumerable<string> Names => Directory.GetDirectories(Builds).Select(folder => Path.GetFileName(folder)!).Order(StringComparer.Ordinal);

    /// <summary>The folder with the kustomization that a sample is about.</summary>
    public static string FolderOf(string name)
    {
        var folder = Path.Combine(Builds, name);
        return Directory.Exists(Path.Combine(folder, "overlay")) ? Path.Combine(folder, "overlay") : folder;
    }

    /// <summary>Builds a folder of this machine; what it refers to may lie beside it, below the given folder.</summary>
    public static KustomizeResult Build(string folder, string root, KustomizeOptions? options = null)
    {
        var files = new DiskFiles(root);
        return KustomizeBuild.Run(files, files.PathOf(folder)!, options);
    }

    /// <summary>The output of kubectl kustomize, or its error.</summary>
    public static (string Output, string? Error) Kustomize(string folder)
    {
        using var process = Process.Start(new ProcessStartInfo(Kubectl!, ["kustomize", folder]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (output, process.ExitCode == 0 ? null : error.Result);
    }

    /// <summary>Compares objects in their order; numbers by their value.</summary>
    public static void AssertSame(string expected, IReadOnlyList<BuiltObject> actual)
    {
        var wanted = YamlReader.ReadAll("expected.yaml", expected).Where(document => !document.IsEmpty).Select(document => document.Root.ToJson("expected.yaml", YamlSchema.Json)).ToArray();
        Assert.Equal(wanted.Select(Text), actual.Select(item => Text(item.Content)));
    }

    /// <summary>The object with sorted keys.</summary>
    public static string Text(JsonNode? node) => Sorted(node)?.ToJsonString() ?? "null";

    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject map => new JsonObject(map.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => KeyValuePair.Create(pair.Key, Sorted(pair.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Sorted)]),
        JsonValue value when value.GetValueKind() == JsonValueKind.Number => decimal.TryParse(value.ToJsonString(), System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out var number)
            ? JsonValue.Create(number / 1.000000000000000000000000000000m)
            : value.DeepClone(),
        _ => node?.DeepClone(),
    };

    private static string Repository()
    {
        var root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "Module.sln")))
        {
            root = Path.GetDirectoryName(root) ?? throw new InvalidOperationException("The tests run outside of the repository.");
        }

        return root;
    }

    private static string? FindKubectl()
    {
        var name = OperatingSystem.IsWindows() ? "kubectl.exe" : "kubectl";
        return (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Where(folder => folder.Length > 0).Select(folder => Path.Combine(folder, name)).FirstOrDefault(IsRecent);
    }

    private static bool IsRecent(string path)
    {
        if (!File.Exists(path))
        {
            return false;
        }

        using var process = Process.Start(new ProcessStartInfo(path, ["version", "--client", "-o", "json"]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            && Version.TryParse(JsonNode.Parse(output)?["kustomizeVersion"]?.GetValue<string>().TrimStart('v'), out var version)
            && version >= new Version(5, 5);
    }
}
