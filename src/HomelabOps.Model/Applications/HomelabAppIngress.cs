namespace HomelabOps;

/// <summary>A host by which an application is reached from outside.</summary>
public sealed record HomelabAppIngress
{
    /// <summary>Name of the Ingress.</summary>
    public string Name { get; init; } = "";

    /// <summary>The host; <c>*</c> for any.</summary>
    public string Host { get; init; } = "";

    /// <summary>Class of the controller; empty for the cluster's default.</summary>
    public string Class { get; init; } = "";

    /// <summary>The host has a certificate, so that it is reached by https.</summary>
    public bool Tls { get; init; }

    /// <summary>Address that the controller has published; empty while it has not.</summary>
    public string Address { get; init; } = "";

    /// <summary>The host as an address.</summary>
    public override string ToString() => $"{(Tls ? "https" : "http")}://{Host}";
}
