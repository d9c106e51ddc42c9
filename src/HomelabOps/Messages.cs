namespace HomelabOps;

/// <summary>Texts of the cmdlets that are not errors of a service.</summary>
internal static class Messages
{
    public static string DurationInvalid(string typed) => Core.Errors.Text(nameof(DurationInvalid), typed);

    public static string UnexpectedFailure(string detail) => Core.Errors.Text(nameof(UnexpectedFailure), detail);

    public static string OtherRecord(object record, string wanted) => Core.Errors.Text(nameof(OtherRecord), record, wanted);

    public static string Confirm => Core.Errors.Text(nameof(Confirm));

    public static string TlsNotVerified(string cluster) => Core.Errors.Text(nameof(TlsNotVerified), cluster);

    public static string WriteFile(string path, string text) => Core.Errors.Text(nameof(WriteFile), path, text);

    public static string WriteFileQuestion(string path) => Core.Errors.Text(nameof(WriteFileQuestion), path);
}
