namespace HomelabOps.Sandbox.Homelab;

/// <summary>The values of the node label by which applications and volumes choose their side.</summary>
internal static class Roles
{
    public const string Label = "role";
    public const string Primary = "primary";
    public const string Backup = "backup";

    public static readonly string[] All = [Primary, Backup];
}
