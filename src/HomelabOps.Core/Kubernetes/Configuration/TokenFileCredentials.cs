using System.Net.Http.Headers;

namespace HomelabOps.Core.Kubernetes.Configuration;

/// <summary>A token in a file that somebody else renews: bound service account tokens live an hour and are replaced before that.</summary>
internal sealed class TokenFileCredentials(string owner, string field, string path, string? fallback, TimeProvider time) : ICredentialSource
{
    private static readonly TimeSpan MaximumAge = TimeSpan.FromSeconds(60);

    private readonly Lock _lock = new();
    private AuthenticationHeaderValue? _header;
    private DateTime _written;
    private long _read;

    public ValueTask<AuthenticationHeaderValue?> GetAsync(bool refresh, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            // The time stamp alone is not enough: a mounted secret is a link into a folder that is swapped, and file
            // systems with coarse time stamps may show the same one for old and new.
            if (_header is null || refresh || time.GetElapsedTime(_read) >= MaximumAge || File.GetLastWriteTimeUtc(path) != _written)
            {
                Read();
            }

            return ValueTask.FromResult(_header);
        }
    }

    public override string ToString() => $"token from {path}";

    private void Read()
    {
        DateTime written = File.GetLastWriteTimeUtc(path);
        try
        {
            string text = CredentialFile.ReadText(owner, field, path).Trim();
            if (text.Length == 0)
            {
                throw Errors.CredentialInvalid(owner, field, Errors.Text("Detail_EmptyFile", path), path);
            }

            _header = new AuthenticationHeaderValue("Bearer", CredentialFile.CheckToken(text, owner, field, path));
        }
        catch (HomelabException) when (_header is not null || fallback is not null)
        {
            // As client-go: while the file is being replaced the last good token serves on, then the one in the kubeconfig.
            _header ??= new AuthenticationHeaderValue("Bearer", fallback);
        }

        _written = written;
        _read = time.GetTimestamp();
    }
}
