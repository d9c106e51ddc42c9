namespace HomelabOps.Core.Diagnosis.Pods;

/// <summary>Why an image cannot be had, from the words of the container runtime, which has no codes for it.</summary>
internal static class ImageTrouble
{
    /// <summary>The image is for another processor than the node's.</summary>
    public const string OtherProcessor = "ImageArchitecture";

    private const string NotRunnable = "exec format error";

    // The order counts: a registry that wants to know who asks says of an image that exists not that it does, but that it may not exist.
    private static readonly (string Reason, string[] Words)[] Signs =
    [
        ("ImageRateLimited", ["toomanyrequests", "429 too many requests", "rate limit"]),
        (OtherProcessor, ["no match for platform", "no matching manifest", NotRunnable]),
        ("ImageUnauthorized", ["unauthorized", "authorization failed", "authentication required", "403 forbidden", "401 unauthorized", "denied", "no basic auth credentials", "insufficient_scope"]),
        ("ImageNotFound", ["not found", "manifest unknown", "name unknown", "does not exist"]),
        ("ImageRegistryUnreachable", ["no such host", "i/o timeout", "connection refused", "deadline exceeded", "tls handshake", "x509:", "network is unreachable", "server misbehaving", "connection reset", "eof", "no route to host"]),
        ("ImageNameInvalid", ["invalid reference format", "couldn't parse image"]),
        ("ImageNotPresent", ["with pull policy of never"]),
    ];

    private static readonly HashSet<string> Waits = new(["ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull", "ImageInspectError", "RegistryUnavailable"], StringComparer.Ordinal);

    /// <summary>Whether a container waits for its image.</summary>
    public static bool IsWaiting(string? reason) => reason is not null && Waits.Contains(reason);

    /// <summary>Whether words of a program that could not be started say that it is for another processor.</summary>
    public static bool IsOfAnotherProcessor(string? words) => words?.Contains(NotRunnable, StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>The reason in one word.</summary>
    /// <param name="waiting">Why the container waits, in the kubelet's word.</param>
    /// <param name="words">What was said.</param>
    public static string Reason(string waiting, string words) => waiting switch
    {
        "InvalidImageName" => "ImageNameInvalid",
        "ErrImageNeverPull" => "ImageNotPresent",
        _ => Array.Find(Signs, sign => Array.Exists(sign.Words, word => words.Contains(word, StringComparison.OrdinalIgnoreCase))).Reason ?? "ImagePullFailed",
    };
}
