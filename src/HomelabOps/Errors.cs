using System.Management.Automation;
using HomelabOps.Core;

namespace HomelabOps;

/// <summary>Turns failures of the services into PowerShell's error records, in one place.</summary>
internal static class Errors
{
    public static ErrorRecord Record(HomelabException error) =>
        new(error, error.Id, Category(error.Kind), error.Target);

    /// <summary>
    /// What no service foresaw. It becomes an error of ours as well, so that no library's exception reaches the user raw;
    /// the exception stays inside for a report.
    /// </summary>
    public static HomelabException Unexpected(Exception error) => error as HomelabException
        ?? new HomelabException("UnexpectedFailure", ErrorKind.NotSpecified, Messages.UnexpectedFailure(error.Message), null, terminates: false, error);

    /// <summary>
    /// What the engine throws to steer a pipeline (stopped, break, -ErrorAction Stop) is not ours to catch. Some of these
    /// types are internal, hence the namespace.
    /// </summary>
    public static bool IsOfTheEngine(Exception error) =>
        error is RuntimeException || error.GetType().Namespace?.StartsWith("System.Management.Automation", StringComparison.Ordinal) == true;

    // The kinds are named after the categories.
    private static ErrorCategory Category(ErrorKind kind) =>
        Enum.TryParse<ErrorCategory>(kind.ToString(), out var category) ? category : ErrorCategory.NotSpecified;
}
