using System.Security.Cryptography;
using HomelabOps.Core.Ssh;
using Renci.SshNet;
using Renci.SshNet.Common;

namespace HomelabOps.Core.Recovery.Restoring;

/// <summary>A private key, as far as Flux' use of it is concerned.</summary>
/// <param name="PublicLine">Its public half, as in a file <c>.pub</c>.</param>
/// <param name="IsEncrypted">It is of no use without its passphrase.</param>
internal sealed record DeployKey(string PublicLine, bool IsEncrypted)
{
    private static ReadOnlySpan<byte> PuTTY => "PuTTY-User-Key-File"u8;

    /// <summary>Opens it, since what Flux cannot open would show only when Flux tries it.</summary>
    /// <param name="key">What the file has.</param>
    /// <param name="phrase">The passphrase; null for none.</param>
    /// <param name="url">The address that Flux reads.</param>
    /// <exception cref="HomelabException">RecoveryLoginUnfit.</exception>
    public static DeployKey Read(byte[] key, string? phrase, string url)
    {
        // It could be opened here, and not by Flux.
        if (key.AsSpan().StartsWith(PuTTY))
        {
            throw Errors.RecoveryLoginUnfit(url, Errors.Text("Detail_RecoveryKeyPuTTY"));
        }

        try
        {
            return new(Open(key, null), IsEncrypted: false);
        }
        catch (SshPassPhraseNullOrEmptyException) when (string.IsNullOrEmpty(phrase))
        {
            throw Errors.RecoveryLoginUnfit(url, Errors.Text("Detail_RecoveryKeyEncrypted"));
        }
        catch (SshPassPhraseNullOrEmptyException)
        {
            return new(Open(key, phrase), IsEncrypted: true);
        }

        string Open(byte[] bytes, string? with)
        {
            try
            {
                using var stream = new MemoryStream(bytes, writable: false);
                using var file = with is null ? new PrivateKeyFile(stream) : new PrivateKeyFile(stream, with);
                var data = file.HostKeyAlgorithms.First().Data;
                return $"{new SshBytes(data).TryText()} {Convert.ToBase64String(data)}\n";
            }
            catch (Exception error) when (error is not SshPassPhraseNullOrEmptyException and (SshException or InvalidOperationException or FormatException or ArgumentException or CryptographicException or NotSupportedException))
            {
                throw Errors.RecoveryLoginUnfit(url, Errors.Text(with is null ? "Detail_RecoveryKeyUnreadable" : "Detail_RecoveryKeyPhrase", error.Message.TrimEnd('.')));
            }
        }
    }
}
