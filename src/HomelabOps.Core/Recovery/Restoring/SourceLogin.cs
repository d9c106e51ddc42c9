using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using HomelabOps.Core.Ssh;

namespace HomelabOps.Core.Recovery.Restoring;

/// <summary>By what Flux reads a repository: user and token over HTTPS, or a deploy key over SSH.</summary>
/// <param name="Credential">User and token; with a key file the passphrase.</param>
/// <param name="KeyFile">File with a private key; null for none.</param>
internal sealed record SourceLogin(NetworkCredential? Credential, string? KeyFile)
{
    /// <summary>File with the certificate of the authority that the server's is of; null where every machine trusts it.</summary>
    public string? AuthorityFile { get; init; }

    /// <summary>The Secret as Flux wants it, as bytes that the caller wipes.</summary>
    /// <param name="space">Its namespace.</param>
    /// <param name="name">Its name.</param>
    /// <param name="url">The address that Flux reads.</param>
    /// <param name="hosts">Keys of hosts that the user knows.</param>
    /// <exception cref="HomelabException">RecoveryLoginUnfit, RecoveryHostUnknown, PathNotFound.</exception>
    public byte[] ToBody(string space, string name, string url, KnownHosts hosts)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("apiVersion", "v1");
            json.WriteString("kind", "Secret");
            json.WriteString("type", "Opaque");
            json.WriteStartObject("metadata");
            json.WriteString("name", name);
            json.WriteString("namespace", space);
            json.WriteEndObject();
            json.WriteStartObject("data");
            foreach (var (key, value) in Data(url, hosts))
            {
                json.WriteBase64String(key, value);
                CryptographicOperations.ZeroMemory(value);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        var bytes = buffer.ToArray();
        CryptographicOperations.ZeroMemory(buffer.GetBuffer());
        return bytes;
    }

    /// <summary>Fails where a file that was named cannot be read.</summary>
    /// <exception cref="HomelabException">PathNotFound.</exception>
    public void CheckFiles()
    {
        foreach (var file in new[] { KeyFile, AuthorityFile }.OfType<string>())
        {
            CryptographicOperations.ZeroMemory(Read(file));
        }
    }

    private IEnumerable<(string Key, byte[] Value)> Data(string url, KnownHosts hosts) => SourceAddress.IsSsh(url) ? KeyData(url, hosts) : TokenData(url);

    private IEnumerable<(string Key, byte[] Value)> TokenData(string url)
    {
        if (Credential is null)
        {
            throw Errors.RecoveryLoginUnfit(url, Errors.Text("Detail_RecoveryLoginToken"));
        }

        yield return ("username", Encoding.UTF8.GetBytes(Credential.UserName));
        yield return ("password", Encoding.UTF8.GetBytes(Credential.Password));
        if (AuthorityFile is not null)
        {
            // Flux before 2.1 knows the second name only, and those of today both.
            yield return ("ca.crt", Authority(AuthorityFile, url));
            yield return ("caFile", Authority(AuthorityFile, url));
        }
    }

    private IEnumerable<(string Key, byte[] Value)> KeyData(string url, KnownHosts hosts)
    {
        if (AuthorityFile is not null)
        {
            throw Errors.RecoveryLoginUnfit(url, Errors.Text("Detail_RecoveryLoginAuthority"));
        }

        var identity = KeyFile is null ? throw Errors.RecoveryLoginUnfit(url, Errors.Text("Detail_RecoveryLoginKey")) : Read(KeyFile);
        var key = DeployKey.Read(identity, Credential?.Password, url);
        yield return ("identity", identity);
        yield return ("identity.pub", Encoding.UTF8.GetBytes(key.PublicLine));
        yield return ("known_hosts", Encoding.UTF8.GetBytes(SourceAddress.HostOf(url) is { } host && hosts.Lines(host) is { Count: > 0 } lines
            ? string.Join('\n', lines) + "\n"
            : throw Errors.RecoveryHostUnknown(url, hosts.File)));
        if (key.IsEncrypted)
        {
            yield return ("password", Encoding.UTF8.GetBytes(Credential!.Password));
        }
    }

    private static byte[] Authority(string file, string url)
    {
        var bytes = Read(file);
        try
        {
            var found = new X509Certificate2Collection();
            found.ImportFromPem(Encoding.UTF8.GetString(bytes));
            return found.Count > 0 ? bytes : throw Errors.RecoveryLoginUnfit(url, Errors.Text("Detail_RecoveryAuthorityUnreadable", file));
        }
        catch (CryptographicException)
        {
            throw Errors.RecoveryLoginUnfit(url, Errors.Text("Detail_RecoveryAuthorityUnreadable", file));
        }
    }

    private static byte[] Read(string file)
    {
        try
        {
            return File.ReadAllBytes(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Errors.PathNotFound(file);
        }
    }
}
