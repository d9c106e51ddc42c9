using HomelabOps.Core.Kubernetes;
using HomelabOps.Sandbox.Api.Http;

namespace HomelabOps.Sandbox.Tests.Controllers;

/// <summary>The custom kinds of the lab, for the sandbox.</summary>
internal static class Definitions
{
    /// <summary>Installs those of a group.</summary>
    public static async Task InstallAsync(ClusterClient client, string group)
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "crds"), $"{group}_*.yaml").Order(StringComparer.Ordinal))
        {
            await client.CreateAsync(ResourceType.CustomResourceDefinition, null, YamlBody.Read(await File.ReadAllBytesAsync(file, Cluster.Stop))!.AsObject(), Cluster.Stop);
        }
    }
}
