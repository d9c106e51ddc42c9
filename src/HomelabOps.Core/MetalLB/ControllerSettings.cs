namespace HomelabOps.Core.MetalLB;

/// <summary>What the version and the arguments of MetalLB's controller make of its webhook.</summary>
/// <param name="Version">Version of the image; null when its tag is none, which is taken for a present one.</param>
/// <param name="Mode">What <c>--webhook-mode</c> says: enabled, disabled or onlywebhook.</param>
/// <param name="Rotates">It makes and renews the certificate itself.</param>
/// <param name="Secret">The Secret that it wants.</param>
/// <param name="Service">The Service that its certificate is for.</param>
/// <param name="CertificateFolder">Where it looks for the pair.</param>
internal sealed record ControllerSettings(Version? Version, string Mode, bool Rotates, string Secret, string Service, string CertificateFolder)
{
    // The first with --webhook-mode.
    private static readonly Version Switchable = new(0, 13, 2);

    // With this version Secret and Service were given other names.
    private static readonly Version Renamed = new(0, 14, 4);

    /// <summary>Those of a present version without arguments.</summary>
    public static ControllerSettings Usual { get; } = Of("", []);

    public bool HasWebhook => Mode != "disabled";

    /// <summary>This version can do without its webhook.</summary>
    public bool CanDoWithout => Version is null || Version >= Switchable;

    /// <summary>Reads them.</summary>
    /// <param name="image">The image of the container.</param>
    /// <param name="arguments">Its command and arguments.</param>
    public static ControllerSettings Of(string image, IReadOnlyList<string> arguments)
    {
        var version = VersionOf(image);
        var isFormer = version is not null && version < Renamed;
        return new(
            version,
            Value(arguments, "webhook-mode") ?? "enabled",
            Value(arguments, "disable-cert-rotation", isSwitch: true) is not ("" or "true" or "1" or "t" or "T" or "TRUE" or "True"),
            Value(arguments, "webhook-secret") ?? (isFormer ? "webhook-server-cert" : "metallb-webhook-cert"),
            Value(arguments, "cert-service-name") ?? (isFormer ? "webhook-service" : "metallb-webhook-service"),
            (Value(arguments, "cert-dir") ?? "/tmp/k8s-webhook-server/serving-certs").TrimEnd('/'));
    }

    // A tag may say more than the version, such as 0.14.9-debian-12-r3.
    private static Version? VersionOf(string image)
    {
        var name = image.Split('@')[0];
        var colon = name.LastIndexOf(':');
        var digits = colon < name.LastIndexOf('/') ? "" : name[(colon + 1)..].TrimStart('v').Split('-', '+')[0];
        return Version.TryParse(digits, out var version) ? new(version.Major, version.Minor, Math.Max(version.Build, 0)) : null;
    }

    // As Go's flags: one or two dashes, the value behind a sign or, but for switches, in the next argument; the last one counts.
    private static string? Value(IReadOnlyList<string> arguments, string name, bool isSwitch = false)
    {
        string? found = null;
        for (var i = 0; i < arguments.Count; i++)
        {
            var text = arguments[i].TrimStart('-');
            if (arguments[i].Length == text.Length)
            {
                continue;
            }

            if (text == name)
            {
                found = !isSwitch && i + 1 < arguments.Count ? arguments[i + 1] : "";
            }
            else if (text.StartsWith(name + "=", StringComparison.Ordinal))
            {
                found = text[(name.Length + 1)..];
            }
        }

        return found;
    }
}
