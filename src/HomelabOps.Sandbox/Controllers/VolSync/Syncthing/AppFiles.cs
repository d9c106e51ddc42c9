using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace HomelabOps.Sandbox.Controllers.VolSync.Syncthing;

/// <summary>What the application on a volume writes: the same files at the same times for the same seed and claim.</summary>
internal static class AppFiles
{
    private const long Kibi = 1024;

    /// <summary>What is there after the application has started for the first time; a size below zero is a folder.</summary>
    public static IEnumerable<(string Path, long Size)> Initial(int seed, string claim)
    {
        var app = AppOf(claim);
        yield return ("Backups", -1);
        yield return ("Backups/scheduled", -1);
        yield return ("Backups/scheduled/backup_0.zip", Pick(seed, claim, 1, 256 * Kibi, 2048 * Kibi));
        yield return ("MediaCover", -1);
        for (var cover = 1; cover <= 8; cover++)
        {
            yield return ($"MediaCover/{cover}.jpg", Pick(seed, claim, 10 + cover, 40 * Kibi, 400 * Kibi));
        }

        yield return ("config.xml", Pick(seed, claim, 2, Kibi, 8 * Kibi));
        yield return ("logs", -1);
        yield return ($"logs/{app}.0.txt", Pick(seed, claim, 3, 16 * Kibi, 1024 * Kibi));
        yield return ($"{app}.db", Pick(seed, claim, 4, 4096 * Kibi, 24576 * Kibi));
        yield return ($"{app}.db-wal", Pick(seed, claim, 5, 32 * Kibi, 4096 * Kibi));
    }

    /// <summary>The change with this number; a size of zero deletes.</summary>
    public static (string Path, long Size) Change(int seed, string claim, int number)
    {
        var app = AppOf(claim);
        var which = Pick(seed, claim, 1000 + number, 0, 100);
        var size = Pick(seed, claim, 2_000_000 + number, 4 * Kibi, 512 * Kibi);
        return which switch
        {
            < 60 => ($"{app}.db-wal", size),
            < 75 => ($"{app}.db", Pick(seed, claim, 4, 4096 * Kibi, 24576 * Kibi) + (number * 4 * Kibi)),
            < 88 => (string.Create(CultureInfo.InvariantCulture, $"logs/{app}.{number % 5}.txt"), size),
            < 94 => (string.Create(CultureInfo.InvariantCulture, $"Backups/scheduled/backup_{number % 8}.zip"), size * 4),
            _ => (string.Create(CultureInfo.InvariantCulture, $"Backups/scheduled/backup_{(number + 4) % 8}.zip"), 0),
        };
    }

    /// <summary>A number that stands for content: for the same arguments the same one.</summary>
    public static long Hash(int seed, string claim, long number) =>
        BitConverter.ToInt64(SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{seed}/{claim}/{number}"))));

    public static long Pick(int seed, string claim, long number, long least, long below) => least + ((Hash(seed, claim, number) & long.MaxValue) % (below - least));

    // pvc-sonarr and pvc-sonarr-backup are volumes of sonarr.
    private static string AppOf(string claim)
    {
        var parts = claim.Split('-').Where(part => part is not ("pvc" or "backup" or "primary" or "data" or "config")).ToArray();
        return parts.Length == 0 ? claim : string.Join('-', parts);
    }
}
