namespace HomelabOps.Core.Patching;

/// <summary>A patch that is malformed, not supported or does not fit its target. The message is what an API server answers, so callers add where the patch came from.</summary>
public sealed class PatchException : Exception
{
    internal PatchException(int status, string message)
        : base(message) => Status = status;

    /// <summary>The HTTP status of the API server's answer: 400, 415, 422 or 500.</summary>
    public int Status { get; }

    internal static PatchException Malformed(string message) => new(400, message);

    internal static PatchException Inapplicable(string message) => new(422, message);

    internal static PatchException Unsupported() => new(
        415,
        "the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml");

    // What the API server has no status for becomes a 500 there, although the patch is at fault.
    internal static PatchException Unforeseen(string message) => new(500, message);
}
