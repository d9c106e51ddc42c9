namespace HomelabOps.Cluster.Tests;

/// <summary>The real cluster that the tests run against. See tests/lab.</summary>
internal static class Lab
{
    private const string Variable = "HOMELABOPS_LAB_KUBECONFIG";

    /// <summary>Kubeconfig of the lab's administrator. Without a lab the calling test is skipped, or fails where one is required.</summary>
    public static string KubeConfig
    {
        get
        {
            if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } path)
            {
                return path;
            }

            if (Environment.GetEnvironmentVariable("HOMELABOPS_REQUIRE_LAB") == "1")
            {
                Assert.Fail($"The lab is required here, but {Variable} is not set.");
            }

            Assert.Skip($"No lab: {Variable} is not set (see tests/lab/README.md).");
            return "";
        }
    }

    /// <summary>A field of the administrator's kubeconfig, which has each only once.</summary>
    public static string Field(string name) => File.ReadLines(KubeConfig)
        .Select(line => line.Trim())
        .Single(line => line.StartsWith(name + ":", StringComparison.Ordinal))[(name.Length + 1)..].Trim();

    /// <summary>Another of the lab's kubeconfigs: cert, restricted or expired.</summary>
    public static string Variant(string name) => $"{KubeConfig}-{name}";
}
