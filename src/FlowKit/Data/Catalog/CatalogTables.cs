namespace FlowKit.Data;

/// <summary>Tables of numbers.</summary>
internal static class CatalogTables
{
    public static IReadOnlyList<CatalogEntry> Entries { get; } =
    [
        new("wine", "178 wines, 13 numbers and a cultivar each. CSV")
        {
            License = "CC BY 4.0",
            Citation = "S. Aeberhard, M. Forina: Wine. UCI Machine Learning Repository, 1992",
            Split = "by seed; the classes are in order",
            IsEmbedded = true,
            Files = [new("wine_data.csv", 11157, "10e8a802908b34f86e5da8ce962f3c806694bc98450a18f61851af59f324bede")],
        },
        new("breast-cancer", "569 tissue samples, 30 numbers and a diagnosis each. CSV")
        {
            License = "CC BY 4.0",
            Citation = "W. Wolberg, O. Mangasarian, N. Street, W. Street: Breast Cancer Wisconsin (Diagnostic). UCI Machine Learning Repository, 1995",
            Split = "by seed",
            IsEmbedded = true,
            Files = [new("breast_cancer.csv", 119913, "fed3eb72d0575ef6192293f5093c6e801b1476b577d0386bf4455504522172ed")],
        },
        new("iris", "150 irises, 4 numbers and a species each. CSV")
        {
            License = "CC BY 4.0",
            Citation = "R. A. Fisher: The use of multiple measurements in taxonomic problems. Annals of Eugenics 7, 1936",
            Split = "by seed; the classes are in order",
            IsEmbedded = true,
            Files = [new("iris.csv", 2734, "f13ffa8fdd56fd8e6c8d16d4081a3fbd3114bcd0aae4256c43205169cd9d1449")],
        },
        new("boston", "506 districts of Boston, 14 numbers each; one of them encodes race: for comparing densities only. CSV")
        {
            License = "none stated",
            Citation = "D. Harrison, D. L. Rubinfeld: Hedonic housing prices and the demand for clean air. Journal of Environmental Economics and Management 5, 1978; by way of F. Leisch's and E. Dimitriadou's mlbench",
            Split = "by seed",
            IsEmbedded = true,
            Files = [new("boston.csv", 34695, "24ec814c9b6c5bb1cae0f6d203636413195ade13a34b62920787599f63eefd7e")],
        },
        new("ionosphere", "351 radar returns, 34 numbers and a class each. CSV")
        {
            License = "CC BY 4.0",
            Citation = "V. Sigillito, S. Wing, L. Hutton, K. Baker: Ionosphere. UCI Machine Learning Repository, 1989; by way of F. Leisch's and E. Dimitriadou's mlbench",
            Split = "by seed",
            IsEmbedded = true,
            Files = [new("ionosphere.csv", 75462, "99ebe33d6f17a33fd59e4bbbb876e6805720be8837a5b7271083a240c5165b9a")],
        },
        new("sachs", "7466 cells, log10 levels of 11 proteins and lipids each. CSV")
        {
            License = "none stated",
            Citation = "K. Sachs, O. Perez, D. Pe'er, D. A. Lauffenburger, G. P. Nolan: Causal protein-signaling networks derived from multiparameter single-cell data. Science 308, 2005; by way of C. Gu's gss",
            Split = "by seed; the conditions are in order",
            IsEmbedded = true,
            Files = [new("sachs.csv.gz", 176688, "7823e80454289083af79b4fc2dbee1d7d0876127dac6c6fd8c9728af97141897")],
        },
        new("eu-stock-markets", "1860 days' closing prices of the indices DAX, SMI, CAC and FTSE, 1991 to 1998. CSV")
        {
            License = "none stated",
            Citation = "R Core Team: EuStockMarkets, in R's package datasets; data by Erste Bank AG, Vienna",
            Split = "by time",
            IsEmbedded = true,
            Files = [new("eu_stock_markets.csv", 52663, "f071a319ecd0bdf59dc0544bec3019119cfc418e5d8b136a288fa81d6abfe1fa")],
        },
        new("quakes", "1000 earthquakes near Fiji: latitude, longitude, depth, magnitude and stations. CSV")
        {
            License = "none stated",
            Citation = "R Core Team: quakes, in R's package datasets; data by J. Woodhouse, Harvard, by way of the PRIM-H project",
            Split = "by seed",
            IsEmbedded = true,
            Files = [new("quakes.csv", 24054, "5430db1d88b90ccb94b94306955d45b66920e8d4c036b2b46faf66ee3ee941af")],
        },
        new("wind", "310 wind directions in radians at Col de la Roa in the Italian Alps. CSV")
        {
            License = "GPL-2",
            Citation = "C. Agostinelli: Robust estimation for circular data. Computational Statistics and Data Analysis 51, 2007; by way of U. Lund's and C. Agostinelli's circular",
            Split = "by time",
            IsEmbedded = true,
            Files = [new("wind.csv", 5434, "e663e7a3c7a9462e1857e01c569167d21a786e1a0b6615de9809eb0e42cb90f8")],
        },
        new("maf-tables", "POWER, GAS, HEPMASS, MINIBOONE and BSDS300 as the density estimation papers use them. NPY, pickle, CSV and HDF5 in one archive")
        {
            License = "each its own, named in the record",
            Citation = "G. Papamakarios, T. Pavlakou, I. Murray: Masked autoregressive flow for density estimation. NeurIPS, 2017; data: Zenodo record 1161203, 2018",
            Split = "last tenth test, last tenth of the rest validation; HEPMASS brings its test, BSDS300 all three",
            Addresses = ["https://zenodo.org/record/1161203/files/"],
            Aliases = ["power", "gas", "hepmass", "miniboone", "bsds300"],
            Files = [new("data.tar.gz")],
        },
    ];
}
