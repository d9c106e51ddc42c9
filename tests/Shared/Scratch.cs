namespace HomelabOps.Testing;

/// <summary>Folders that other programs have worked in.</summary>
internal static class Scratch
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Deletes a folder; a program that was killed may still have children that write there.</summary>
    public static void Delete(string folder)
    {
        for (var end = DateTime.UtcNow + Patience; Directory.Exists(folder); Thread.Sleep(50))
        {
            try
            {
                Directory.Delete(folder, recursive: true);
            }
            catch (IOException) when (DateTime.UtcNow < end)
            {
                // Something came or went meanwhile.
            }
        }
    }
}
