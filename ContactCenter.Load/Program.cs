Console.WriteLine("ContactCenter.Load");
