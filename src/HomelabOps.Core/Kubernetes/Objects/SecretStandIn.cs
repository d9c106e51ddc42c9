using System.Security.Cryptography;
using System.Text;

namespace HomelabOps.Core.Kubernetes.Objects;

/// <summary>What stands for a value of a Secret that is not known here.</summary>
internal static class SecretStandIn
{
    // Clients of registries read it, and nothing in it is an account.
    private const string DockerKey = ".dockerconfigjson";
    private const string NoAccounts = """{"auths":{}}""";

    /// <summary>Always the same for a key, so that two values that differed still do. It can be a part of a host's name.</summary>
    public static string Of(string @namespace, string name, string key) => key == DockerKey ? NoAccounts
        : "not-copied-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{@namespace}/{name}/{key}")))[..8];

    /// <summary>The same as it stands in <c>data</c>.</summary>
    public static string Encoded(string @namespace, string name, string key) => Convert.ToBase64String(Encoding.UTF8.GetBytes(Of(@namespace, name, key)));
}
