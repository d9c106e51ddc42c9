using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Forest;

namespace HomelabOps.Core.Tests.GitOps.Effective;

/// <summary>What Helm itself makes of values: a chart of its own in a folder of its own, whose one template writes down all values.</summary>
internal sealed class HelmOracle : IDisposable
{
    /// <summary>Why a test was skipped.</summary>
    public const string Absent = "There is no helm 3 on PATH to compare with.";

    private static readonly Lazy<string?> Found = new(FindHelm);
    private readonly string _folder = Directory.CreateTempSubdirectory("homelabops-helm-").FullName;
    private int _files;

    /// <summary>Makes the chart.</summary>
    /// <param name="defaults">Its values.yaml.</param>
    public HelmOracle(string defaults = "")
    {
        Directory.CreateDirectory(Path.Combine(Chart, "templates"));
        File.WriteAllText(Path.Combine(Chart, "Chart.yaml"), "apiVersion: v2\nname: oracle\nversion: 0.1.0\n");
        File.WriteAllText(Path.Combine(Chart, "values.yaml"), defaults);
        File.WriteAllText(Path.Combine(Chart, "templates", "values.yaml"), "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: values}\ndata: {values: {{ .Values | toJson | b64enc }}}\n");
    }

    /// <summary>Helm 3 on PATH; null where there is none.</summary>
    public static string? Program => Found.Value;

    private string Chart => Path.Combine(_folder, "chart");

    /// <summary>The values of a release, in the order of Flux: its sources one after the other, then its own.</summary>
    /// <param name="release">The release.</param>
    /// <param name="find">A ConfigMap by its name; null when there is none.</param>
    public JsonObject Values(JsonObject release, Func<string, JsonObject?> find)
    {
        var files = new List<string>();
        foreach (var source in (release["spec"]!["valuesFrom"] as JsonArray ?? []).OfType<JsonObject>().Where(source => (string?)source["kind"] == "ConfigMap"))
        {
            if ((string?)find((string)source["name"]!)?["data"]?[(string?)source["valuesKey"] ?? "values.yaml"] is not { } text)
            {
                continue;
            }

            if ((string?)source["targetPath"] is not { } target)
            {
                files.Add(text);
                continue;
            }

            // What comes later wins over it, so that it cannot wait until the end as it would on a command line.
            var isText = text is ['\'', .., '\''] or ['"', .., '"'];
            var option = (bool?)source["literal"] == true ? "--set-literal" : isText ? "--set-string" : "--set";
            files = [Run(files, option, $"{target}={(isText && option != "--set-literal" ? text.Trim('\'', '"') : text)}").ToJsonString()];
        }

        return Run(release["spec"]!["values"] is { } own ? [.. files, own.ToJsonString()] : files);
    }

    /// <summary>What a chart gets of several texts of values.</summary>
    public JsonObject Run(IEnumerable<string> texts, params string[] options)
    {
        var start = new ProcessStartInfo(Program!, ["template", "oracle", Chart, .. options]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var text in texts)
        {
            var file = Path.Combine(_folder, $"{Interlocked.Increment(ref _files).ToString(CultureInfo.InvariantCulture)}.yaml");
            File.WriteAllText(file, text);
            start.ArgumentList.Add("--values");
            start.ArgumentList.Add(file);
        }

        // Nothing of whoever runs the tests, and no cluster.
        foreach (var name in new[] { "HELM_CACHE_HOME", "HELM_CONFIG_HOME", "HELM_DATA_HOME", "KUBECONFIG" })
        {
            start.Environment[name] = Path.Combine(_folder, name);
        }

        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, error.Result);
        const string mark = "values: ";
        var encoded = output[(output.LastIndexOf(mark, StringComparison.Ordinal) + mark.Length)..].Trim().TrimEnd('}');
        return JsonNode.Parse(Encoding.UTF8.GetString(Convert.FromBase64String(encoded)))!.AsObject();
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>Compares the values of releases; the objects are those among which their ConfigMaps are.</summary>
    public static void Compare(IEnumerable<(JsonObject Release, JsonObject Values, List<JsonObject> Objects)> releases)
    {
        using var helm = new HelmOracle();
        var different = new ConcurrentBag<string>();
        Parallel.ForEach(releases, new ParallelOptions { MaxDegreeOfParallelism = 2 }, item =>
        {
            var expected = GitOpsSamples.Text(helm.Values(item.Release, name => Map(item.Objects, item.Release, name)));
            if (expected != GitOpsSamples.Text(item.Values))
            {
                different.Add($"{ObjectText.Reference(item.Release)}\n  {expected}\n  {GitOpsSamples.Text(item.Values)}");
            }
        });
        Assert.Equal("", string.Join('\n', different));
    }

    /// <summary>A ConfigMap beside a release.</summary>
    public static JsonObject? Map(List<JsonObject> objects, JsonObject release, string name) =>
        objects.Find(item => ObjectText.Kind(item) == "ConfigMap" && ObjectText.Name(item) == name && ObjectText.Namespace(item) == ObjectText.Namespace(release));

    private static string? FindHelm()
    {
        var name = OperatingSystem.IsWindows() ? "helm.exe" : "helm";
        return (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Where(folder => folder.Length > 0).Select(folder => Path.Combine(folder, name)).FirstOrDefault(IsThree);
    }

    private static bool IsThree(string path)
    {
        if (!File.Exists(path))
        {
            return false;
        }

        using var process = Process.Start(new ProcessStartInfo(path, ["version", "--short"]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 && output.StartsWith("v3.", StringComparison.Ordinal);
    }
}
