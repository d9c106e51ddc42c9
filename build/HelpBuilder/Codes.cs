namespace HomelabOps.HelpBuilder;

/// <summary>The rules. README.md has a line about each.</summary>
internal static class Codes
{
    public const string FrontMatter = "HELP001";
    public const string Title = "HELP002";
    public const string Missing = "HELP003";
    public const string Section = "HELP004";
    public const string TooFewExamples = "HELP005";
    public const string Example = "HELP006";
    public const string Undescribed = "HELP007";
    public const string NoSuchParameter = "HELP008";
    public const string DescribedTwice = "HELP009";
    public const string Outputs = "HELP010";
    public const string Inputs = "HELP011";
    public const string HelpUri = "HELP012";
    public const string Link = "HELP013";
    public const string PageWithoutCmdlet = "HELP014";
    public const string CmdletWithoutPage = "HELP015";
    public const string Unsupported = "HELP016";
    public const string Topic = "HELP017";
    public const string Usage = "HELP018";
}
