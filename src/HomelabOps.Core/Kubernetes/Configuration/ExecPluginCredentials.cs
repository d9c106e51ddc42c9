using System.Net.Http.Headers;

namespace HomelabOps.Core.Kubernetes.Configuration;

/// <summary>Credentials from an exec plugin, kept until shortly before they expire.</summary>
internal sealed class ExecPluginCredentials(ExecPlugin plugin, TimeProvider time) : ICredentialSource, IDisposable
{
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _gate = new(1);
    private volatile Held? _held;

    /// <summary>How long the plugin may take; a login in a browser needs its time.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <inheritdoc/>
    public bool IsAtHand => _held is { } held && time.GetUtcNow() < held.GoodUntil;

    /// <summary>The plugin's certificate for TLS, once it gave one.</summary>
    public ClientCertificate? Certificate => _held?.Credential.Certificate;

    /// <summary>Set by the handler: after another certificate came, connections that were made with the old one are no good any more.</summary>
    public Action? CertificateChanged { get; set; }

    public async ValueTask<AuthenticationHeaderValue?> GetAsync(bool refresh, CancellationToken cancellationToken)
    {
        Held? before = _held;
        if (before is not null && !refresh && time.GetUtcNow() < before.GoodUntil)
        {
            return before.Header;
        }

        await _gate.WaitAsync(cancellationToken);
        try
        {
            // Many requests fail with 401 at the same moment; the plugin runs once for all of them.
            if (_held is { } other && other != before && time.GetUtcNow() < other.GoodUntil)
            {
                return other.Header;
            }

            ExecCredential credential = await ExecPluginProcess.RunAsync(plugin, Timeout, cancellationToken);
            var held = new Held(credential, GoodUntil(credential, time.GetUtcNow()));
            bool changed = before?.Credential.Certificate is { } old && old.CertificatePem != credential.Certificate?.CertificatePem;
            _held = held;
            if (changed)
            {
                CertificateChanged?.Invoke();
            }

            return held.Header;
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    public override string ToString() => $"exec plugin {plugin}";

    private static DateTimeOffset GoodUntil(ExecCredential credential, DateTimeOffset now)
    {
        DateTimeOffset end = credential.Expires ?? DateTimeOffset.MaxValue;
        if (credential.Certificate is { } certificate && new DateTimeOffset(certificate.Certificate.NotAfter) is var notAfter && notAfter < end)
        {
            end = notAfter;
        }

        // A plugin that gives tokens of a minute must not be run for every request.
        TimeSpan left = end - now;
        return end == DateTimeOffset.MaxValue ? end : end - (left < Margin * 4 ? left / 4 : Margin);
    }

    private sealed class Held(ExecCredential credential, DateTimeOffset goodUntil)
    {
        public ExecCredential Credential { get; } = credential;

        public DateTimeOffset GoodUntil { get; } = goodUntil;

        public AuthenticationHeaderValue? Header { get; } = credential.Token is null ? null : new AuthenticationHeaderValue("Bearer", credential.Token);
    }
}
