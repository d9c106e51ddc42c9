namespace HomelabOps.Sandbox.Controllers.Nodes.Programs.Shell;

/// <summary>A script that would go on, and of which nothing more has come yet.</summary>
internal sealed class UnfinishedScriptException(string message) : FormatException(message);
