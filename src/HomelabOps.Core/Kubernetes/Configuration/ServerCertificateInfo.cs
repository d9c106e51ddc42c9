namespace HomelabOps.Core.Kubernetes.Configuration;

/// <summary>What the last TLS handshake showed of the server.</summary>
public sealed class ServerCertificateInfo
{
    private volatile Observation _last = new(null, null, [], TlsFailure.None, "");

    /// <summary>Until when the certificate is valid, in UTC; null before the first handshake.</summary>
    public DateTime? NotAfter => _last.NotAfter;

    /// <summary>The certificate's subject.</summary>
    public string? Subject => _last.Subject;

    /// <summary>The names and addresses that the certificate is for.</summary>
    public IReadOnlyList<string> Names => _last.Names;

    /// <summary>Why it was refused.</summary>
    public TlsFailure Failure => _last.Failure;

    /// <summary>The reason in the words of the system, for a log.</summary>
    public string Detail => _last.Detail;

    internal void Set(DateTime? notAfter, string? subject, IReadOnlyList<string> names, TlsFailure failure, string detail) =>
        _last = new Observation(notAfter, subject, names, failure, detail);

    private sealed record Observation(DateTime? NotAfter, string? Subject, IReadOnlyList<string> Names, TlsFailure Failure, string Detail);
}
