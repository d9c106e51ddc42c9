using HomelabOps.Cluster.Tests;
using HomelabOps.Core.Kubernetes.Configuration;

[assembly: AssemblyFixture(typeof(EarlyYaml))]

namespace HomelabOps.Cluster.Tests;

/// <summary>
/// Reads YAML once before any test. This process has YamlDotNet twice, the module's own copy and that of the tests, and when
/// both were first used at the same time the runtime once held the generic methods of one against the types of the other.
/// </summary>
public sealed class EarlyYaml
{
    public EarlyYaml()
    {
        using var folder = new TemporaryFolder();
        Assert.NotNull(KubeConfig.Load([folder.File("config", "apiVersion: v1\nkind: Config\nclusters: []\ncontexts: []\nusers: []\n")]));
    }
}
