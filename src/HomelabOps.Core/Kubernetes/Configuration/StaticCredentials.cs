using System.Net.Http.Headers;
using System.Text;

namespace HomelabOps.Core.Kubernetes.Configuration;

/// <summary>A header that never changes: a token, a user name with password, or none.</summary>
internal sealed class StaticCredentials : ICredentialSource
{
    private readonly AuthenticationHeaderValue? _header;

    private StaticCredentials(AuthenticationHeaderValue? header) => _header = header;

    public static StaticCredentials None { get; } = new(null);

    public bool IsNone => _header is null;

    public static StaticCredentials Token(string token) => new(new AuthenticationHeaderValue("Bearer", token));

    public static StaticCredentials Basic(string userName, string password) =>
        new(new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{userName}:{password}"))));

    public ValueTask<AuthenticationHeaderValue?> GetAsync(bool refresh, CancellationToken cancellationToken) => ValueTask.FromResult(_header);

    public override string ToString() => _header is null ? "no credentials" : $"{_header.Scheme} credentials";
}
