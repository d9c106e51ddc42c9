using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using HomelabOps.Cluster.Tests;

namespace HomelabOps.Sandbox.Tests.Kubectl;

/// <summary>
/// The lab's objects, shown by the sandbox, look as the lab's server shows them. Not compared is what newer servers have and 1.20
/// lacks (columns, when a container was restarted last), and ages, which are those of the copies.
/// </summary>
public sealed partial class TableTests : KubectlTest
{
    [Theory]
    [InlineData("namespaces")]
    [InlineData("nodes")]
    [InlineData("pods")]
    [InlineData("endpoints")]
    [InlineData("configmaps")]
    [InlineData("events")]
    [InlineData("deployments")]
    [InlineData("replicasets")]
    [InlineData("priorityclasses")]
    [InlineData("leases")]
    [InlineData("rolebindings")]
    [InlineData("clusterrolebindings")]
    [InlineData("kustomizations.kustomize.toolkit.fluxcd.io")]
    [InlineData("gitrepositories.source.toolkit.fluxcd.io")]
    [InlineData("helmreleases.helm.toolkit.fluxcd.io")]
    public async Task A_kind_looks_as_on_a_real_server(string kind)
    {
        var lab = Lab.KubeConfig;
        if (kind != "namespaces")
        {
            await CopyAsync(lab, "namespaces");
        }

        if (kind.Contains('.', StringComparison.Ordinal))
        {
            await CopyAsync(lab, "customresourcedefinitions.apiextensions.k8s.io");
        }

        var before = await VersionsAsync(lab, kind);
        var names = await CopyAsync(lab, kind);
        var (expected, actual) = (await TableAsync(lab, kind), await TableAsync(Server.KubeConfigPath, kind));
        var after = await VersionsAsync(lab, kind);
        if (kind == "priorityclasses")
        {
            // Each cluster has these two of its own.
            names.AddRange(expected.Keys.Where(name => name.StartsWith("/system-", StringComparison.Ordinal)));
        }

        Assert.SkipWhen(names.Count == 0, $"The lab has no {kind}.");

        // What has changed meanwhile was copied in an unknown state, and other tests' namespaces change all the time.
        foreach (var name in names.Where(name => !name.StartsWith("test-", StringComparison.Ordinal) && expected.ContainsKey(name) && before.GetValueOrDefault(name) == after.GetValueOrDefault(name)))
        {
            Assert.Equal(expected[name], Known(actual[name], expected[name]));
        }
    }

    [Fact]
    public async Task Objects_of_many_kinds_look_as_on_a_real_server()
    {
        var lab = Lab.KubeConfig;
        using var space = new LabNamespace();
        await OkAsync($"--kubeconfig {lab} apply -n {space.Name} -f -", Samples.ManyKinds(space.Name));
        try
        {
            await OkAsync($"--kubeconfig {lab} wait --for=jsonpath={{.status.phase}}=Available pv/{space.Name} --timeout=60s");
            await OkAsync($"--kubeconfig {lab} wait --for=jsonpath={{.status.hard.pods}}=10 resourcequota/small -n {space.Name} --timeout=60s");
            await CopyAsync(lab, "namespaces");
            foreach (var kind in (string[])["services", "deployments", "statefulsets", "daemonsets", "jobs", "ingresses", "networkpolicies", "persistentvolumes", "persistentvolumeclaims", "resourcequotas", "storageclasses", "rolebindings"])
            {
                var names = (await CopyAsync(lab, kind)).Where(name => name.Contains(space.Name, StringComparison.Ordinal)).ToArray();
                Assert.NotEmpty(names);
                var (expected, actual) = (await TableAsync(lab, kind), await TableAsync(Server.KubeConfigPath, kind));
                Assert.Equal(names.Select(name => expected[name]), names.Select(name => Known(actual[name], expected[name])));
            }
        }
        finally
        {
            await OkAsync($"--kubeconfig {lab} delete pv/{space.Name} storageclass/{space.Name} --wait=false");
        }
    }

    /// <summary>Copies all objects of a kind with their status; gives the names of those that were not there.</summary>
    private async Task<List<string>> CopyAsync(string from, string kind)
    {
        var copied = new List<string>();
        foreach (var item in JsonNode.Parse(await OutputAsync(from, "get", kind, "-A", "-o", "json"))!["items"]!.AsArray())
        {
            var metadata = item!["metadata"]!.AsObject();
            if (metadata["deletionTimestamp"] is not null)
            {
                // Another test is about to delete it.
                continue;
            }

            foreach (var name in (string[])["resourceVersion", "uid", "generation", "managedFields", "ownerReferences", "selfLink"])
            {
                metadata.Remove(name);
            }

            try
            {
                Seed(item.ToJsonString());
                copied.Add($"{metadata["namespace"]}/{metadata["name"]}");
            }
            catch (Api.ApiException error) when (error.Reason is "AlreadyExists" or "NotFound")
            {
                // Each cluster has its own, or its namespace is newer than the copies of the others.
            }
        }

        return copied;
    }

    // By their names, as in the tables. A lease that is renewed looks the same.
    private async Task<Dictionary<string, string?>> VersionsAsync(string kubeConfig, string kind) =>
        JsonNode.Parse(await OutputAsync(kubeConfig, "get", kind, "-A", "-o", "json"))!["items"]!.AsArray().Select(item => item!["metadata"]!)
            .ToDictionary(metadata => $"{metadata["namespace"]}/{metadata["name"]}", metadata => kind == "leases" ? "" : (string?)metadata["resourceVersion"], StringComparer.Ordinal);

    // The cells of the columns that the other row has as well.
    private static string Known(string row, string other)
    {
        var columns = other.Split('\n').Select(cell => cell.Split(':')[0]).ToHashSet(StringComparer.Ordinal);
        return string.Join('\n', row.Split('\n').Where(cell => columns.Contains(cell.Split(':')[0])));
    }

    // The rows by name, each as the names of its columns and their cells.
    private async Task<Dictionary<string, string>> TableAsync(string kubeConfig, string kind)
    {
        var lines = (await OutputAsync(kubeConfig, "get", kind, "-A", "-o", "wide")).TrimEnd('\n').Split('\n');
        var columns = Columns.Matches(lines[0]);
        var table = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in lines.Skip(1))
        {
            var cells = columns.Select((column, index) => (
                Name: column.Value.Trim(),
                Text: line[Math.Min(column.Index, line.Length)..(index + 1 < columns.Count ? Math.Min(columns[index + 1].Index, line.Length) : line.Length)].Trim())).ToArray();
            var place = cells.FirstOrDefault(cell => cell.Name == "NAMESPACE").Text;
            table[$"{place}/{cells.First(cell => cell.Name == "NAME").Text}"] = string.Join('\n', cells.Select(cell => $"{cell.Name}: {Age.Replace(LastRestart.Replace(cell.Text, ""), "<age>")}"));
        }

        return table;
    }

    private async Task<string> OutputAsync(string kubeConfig, params string[] arguments)
    {
        await using var process = Start(["--kubeconfig", kubeConfig, .. arguments]);
        var result = await process.EndAsync();
        Assert.True(result.ExitCode == 0, result.Error);
        return result.Output;
    }

    [GeneratedRegex(@"\S+( \S+)*\s*", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Columns { get; }

    [GeneratedRegex("^([0-9]+[smhdy])+$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Age { get; }

    [GeneratedRegex(@"(?<=^[0-9]+) \([0-9smhdy]+ ago\)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex LastRestart { get; }
}
