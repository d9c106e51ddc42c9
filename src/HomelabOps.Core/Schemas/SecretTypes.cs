namespace HomelabOps.Core.Schemas;

/// <summary>Types of Secrets that mean something to an API server.</summary>
internal static class SecretTypes
{
    private static readonly Dictionary<string, string[]> ByType = new(StringComparer.Ordinal)
    {
        ["kubernetes.io/tls"] = ["tls.crt", "tls.key"],
        ["kubernetes.io/ssh-auth"] = ["ssh-privatekey"],
        ["kubernetes.io/dockerconfigjson"] = [".dockerconfigjson"],
        ["kubernetes.io/dockercfg"] = [".dockercfg"],
    };

    /// <summary>The keys that a Secret of a type must have.</summary>
    public static string[] Keys(string type) => ByType.GetValueOrDefault(type, []);
}
