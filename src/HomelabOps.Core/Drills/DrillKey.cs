using System.Security.Cryptography;
using HomelabOps.Core.Recovery.Restoring;
using HomelabOps.Core.Ssh;

namespace HomelabOps.Core.Drills;

/// <summary>What somebody has at hand who brings a cluster back: a deploy key, and the key of the host. Both are drawn for the drill and open nothing.</summary>
internal static class DrillKey
{
    /// <summary>Draws a key.</summary>
    /// <param name="folder">Where it lies; deleted with the drill.</param>
    public static SourceLogin Make(string folder)
    {
        var file = Path.Combine(folder, "deploy-key");
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        File.WriteAllText(file, key.ExportECPrivateKeyPem());
        return new(null, file);
    }

    /// <summary>The keys of hosts that would be known.</summary>
    /// <param name="folder">Where they lie.</param>
    /// <param name="url">The address that Flux reads.</param>
    public static KnownHosts Hosts(string folder, string url)
    {
        var file = Path.Combine(folder, "known_hosts");
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var known = DeployKey.Read(System.Text.Encoding.ASCII.GetBytes(key.ExportECPrivateKeyPem()), null, url).PublicLine;
        File.WriteAllText(file, SourceAddress.HostOf(url) is { } host ? $"{host.Name} {known}" : "");
        return new([file]);
    }
}
