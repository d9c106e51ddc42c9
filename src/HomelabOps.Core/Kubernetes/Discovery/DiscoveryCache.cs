using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using HomelabOps.Core.Kubernetes.Configuration;
using HomelabOps.Core.Machine;

namespace HomelabOps.Core.Kubernetes.Discovery;

/// <summary>
/// Remembers on disk for ten minutes what a server serves, as kubectl does. Holds names of types only; the file is named
/// by a hash, as an address tells where somebody's cluster is.
/// </summary>
internal sealed class DiscoveryCache(string folder)
{
    /// <summary>
    /// The cache below the user's own cache folder; null where nothing is remembered. Without TLS on this machine another cluster may answer at
    /// the same address a moment later, as where a proxy or an embedded homelab starts anew, and asking costs two requests.
    /// </summary>
    public static DiscoveryCache? For(ClusterEndpoint endpoint) => endpoint.Server is { IsLoopback: true, Scheme: "http" } ? null : new(Path.Combine(UserFolders.Cache, "discovery"));

    public DiscoverySnapshot? Read(ClusterEndpoint endpoint)
    {
        try
        {
            var file = FileOf(endpoint);
            if (!File.Exists(file))
            {
                return null;
            }

            var snapshot = JsonSerializer.Deserialize(File.ReadAllBytes(file), DiscoveryContext.Default.DiscoverySnapshot);
            return snapshot is { IsFresh: true, IsComplete: true } ? snapshot : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            // A cache that cannot be read is no cache.
            return null;
        }
    }

    public void Write(ClusterEndpoint endpoint, DiscoverySnapshot snapshot)
    {
        try
        {
            Directory.CreateDirectory(folder);
            var file = FileOf(endpoint);
            var draft = $"{file}.{Guid.NewGuid():N}";
            File.WriteAllBytes(draft, JsonSerializer.SerializeToUtf8Bytes(snapshot, DiscoveryContext.Default.DiscoverySnapshot));
            File.Move(draft, file, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The next run asks the server again.
        }
    }

    public void Remove(ClusterEndpoint endpoint)
    {
        try
        {
            File.Delete(FileOf(endpoint));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It expires by itself.
        }
    }

    private string FileOf(ClusterEndpoint endpoint)
    {
        var authority = endpoint.CertificateAuthorities is { Count: > 0 } roots ? roots[0].Thumbprint : "";
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{endpoint.Server.AbsoluteUri}\n{authority}"));
        return Path.Combine(folder, Convert.ToHexStringLower(hash.AsSpan(0, 16)) + ".json");
    }
}
