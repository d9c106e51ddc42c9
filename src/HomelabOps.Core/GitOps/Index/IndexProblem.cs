namespace HomelabOps.Core.GitOps.Index;

/// <summary>Something in the repository that cannot be read or leads nowhere.</summary>
/// <param name="File">The file, as a path of the repository.</param>
/// <param name="Line">The line, or 0.</param>
/// <param name="Column">The column, or 0.</param>
/// <param name="Text">What is wrong.</param>
internal sealed record IndexProblem(string File, long Line, long Column, string Text);
