namespace HomelabOps.Core.Ssh;

/// <summary>What came of a command.</summary>
/// <param name="ExitCode">0 where it went well.</param>
/// <param name="Output">What it wrote.</param>
/// <param name="Error">What it complained of.</param>
internal sealed record SshResult(int ExitCode, string Output, string Error);
