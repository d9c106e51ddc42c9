using System.Text.Json.Serialization;
using HomelabOps.Core.Kubernetes.Wire;

namespace HomelabOps.Core.Diagnosis.Wire;

/// <summary>The public half of a Secret for TLS; its key is passed over while it is read.</summary>
internal sealed class TlsSecretWire : ObjectWire
{
    public TlsDataWire? Data { get; set; }
}

internal sealed class TlsDataWire
{
    [JsonPropertyName("tls.crt")]
    public byte[]? Certificate { get; set; }
}
