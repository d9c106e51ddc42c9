namespace HomelabOps;

/// <summary>Where the help pages are online.</summary>
internal static class HelpPages
{
    public const string Root = "https://github.com/homelabops/HomelabOps/blob/main/docs/cmdlets/";
}
