namespace HomelabOps.Core.GitOps.Commits.Transports;

/// <summary>How git ended.</summary>
/// <param name="ExitCode">0 when it did what it was asked for; -1 when it could not be started.</param>
/// <param name="Output">What it wrote.</param>
/// <param name="Errors">What it wrote as errors, with the words of hooks and of the remote.</param>
internal sealed record GitAnswer(int ExitCode, string Output, string Errors);
