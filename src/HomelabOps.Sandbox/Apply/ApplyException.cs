namespace HomelabOps.Sandbox.Apply;

/// <summary>A configuration that cannot be applied, with the status and words of a real API server.</summary>
internal class ApplyException(int status, string message) : Exception(message)
{
    /// <summary>The HTTP status of the answer.</summary>
    public int Status => status;
}
