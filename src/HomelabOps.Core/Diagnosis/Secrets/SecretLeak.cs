namespace HomelabOps.Core.Diagnosis.Secrets;

/// <summary>A secret that anybody with the repository can read. Only where it is is kept, never what it is.</summary>
/// <param name="File">The file, as a path within the repository with / between its parts.</param>
/// <param name="Line">The line, counted from 1.</param>
/// <param name="Reason">What is told of it.</param>
/// <param name="Issuer">Who has issued it, such as <c>GitHub</c>; empty for a key.</param>
internal sealed record SecretLeak(string File, int Line, string Reason, string Issuer);
