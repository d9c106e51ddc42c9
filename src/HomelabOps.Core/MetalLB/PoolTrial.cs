using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Writing;

namespace HomelabOps.Core.MetalLB;

/// <summary>What came of trying to make a pool of addresses, without making it: the only proof that the webhook works.</summary>
/// <param name="IsAnswered">The server took it, or the webhook answered and refused it; null when it could not be tried.</param>
/// <param name="Text">The words of the server; empty when it took the pool.</param>
internal sealed record PoolTrial(bool? IsAnswered, string Text)
{
    private const string Kind = "IPAddressPool";

    /// <summary>Tries it.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="type">The pools.</param>
    /// <param name="space">MetalLB's namespace.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public static async Task<PoolTrial> RunAsync(ClusterClient client, ResourceType type, string space, CancellationToken cancellationToken)
    {
        // An address for documentation, which no pool has and no network uses.
        var pool = new JsonObject
        {
            ["apiVersion"] = type.ApiVersion,
            ["kind"] = Kind,
            ["metadata"] = new JsonObject { ["name"] = "homelabops-trial", ["namespace"] = space },
            ["spec"] = new JsonObject { ["addresses"] = new JsonArray("192.0.2.1/32"), ["autoAssign"] = false },
        };
        try
        {
            await client.CreateAsync(type, space, pool, cancellationToken, new WriteOptions { DryRun = true });
            return new(true, "");
        }
        catch (HomelabException error) when (error.ServerText is { } text)
        {
            // Who may not make pools is told before any webhook is asked.
            return text.Contains("failed calling webhook", StringComparison.Ordinal) || text.Contains("conversion webhook", StringComparison.Ordinal) ? new(false, text)
                : text.Contains("admission webhook", StringComparison.Ordinal) || error.Kind == ErrorKind.ResourceExists ? new(true, text)
                : new(null, text);
        }
    }
}
