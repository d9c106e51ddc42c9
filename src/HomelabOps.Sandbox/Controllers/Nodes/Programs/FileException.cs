namespace HomelabOps.Sandbox.Controllers.Nodes.Programs;

/// <summary>What the kernel answers to a call that it refuses, in the words that programs print.</summary>
internal sealed class FileException(string message) : Exception(message)
{
    public const string NotFound = "No such file or directory";
    public const string NoDirectory = "Not a directory";
    public const string IsDirectory = "Is a directory";
    public const string ReadOnly = "Read-only file system";
    public const string Exists = "File exists";
    public const string NotEmpty = "Directory not empty";
    public const string Busy = "Device or resource busy";
    public const string Stale = "Stale file handle";
}
