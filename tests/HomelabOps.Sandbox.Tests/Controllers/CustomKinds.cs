using System.Text;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Sandbox.Api.Http;
using HomelabOps.Sandbox.Homelab;

namespace HomelabOps.Sandbox.Tests.Controllers;

/// <summary>The homelab's custom kinds, in a cluster that has nothing else of it.</summary>
internal static class CustomKinds
{
    /// <summary>Installs those of a group.</summary>
    public static async Task InstallAsync(ClusterClient client, string group)
    {
        foreach (var text in Definitions.Of(group))
        {
            await client.CreateAsync(ResourceType.CustomResourceDefinition, null, YamlBody.Read(Encoding.UTF8.GetBytes(text))!.AsObject(), Cluster.Stop);
        }
    }
}
