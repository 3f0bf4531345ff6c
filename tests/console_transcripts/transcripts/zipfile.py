import io, zipfile
b=io.BytesIO()
z=zipfile.ZipFile(b,'w')
z.writestr('a.txt','hi'); z.writestr('d/',''); z.writestr('é.txt',b'x'*100, zipfile.ZIP_DEFLATED)
z
z.infolist()
z.namelist()
z.filename
z.mode
z.comment
z.compression
z.debug
z.filelist
z.getinfo('x')
z.getinfo(3)
z.read('a.txt')
z.open('a.txt','rw')
z.close()
z
z.read('a.txt')
z.writestr('b','')
z.open('a.txt')
z.namelist()
len(b.getvalue())
zipfile.ZipFile(io.BytesIO(b''))
zipfile.ZipFile(io.BytesIO(b'PK'*50))
zipfile.ZipFile(io.BytesIO(),'q')
zipfile.ZipFile(3)
zipfile.ZipFile('nofile.zip')
zipfile.ZipFile(io.BytesIO(),'w',compression=99)
zipfile.ZipFile(io.BytesIO(),'w',compression='x')
zipfile.ZipFile()
zipfile.is_zipfile(io.BytesIO(b.getvalue()))
zipfile.is_zipfile(b'x')
zipfile.is_zipfile(io.BytesIO())
zipfile.is_zipfile(io.BytesIO(b'not a zip file at all, but long enough'))
zipfile.ZipInfo('a')
zipfile.ZipInfo('a',(1979,1,1,0,0,0))
zipfile.ZipFile
zipfile.ZipInfo
zipfile.ZipInfo('a').foo
z.foo
zipfile.ZipFile(io.StringIO())
r = zipfile.ZipFile(b)
r
f = r.open('a.txt')
f.read(1)
f.tell()
f.seek(0)
f.read()
f.name
f.mode
f.closed
f.readable(), f.writable(), f.seekable()
f.write(b'x')
f.readline()
f.readlines()
f.close()
r.read('d/')
r.testzip()
r.writestr('q','')
r.read('no')
r.getinfo('a.txt').CRC
r.getinfo('a.txt').compress_type
r.getinfo('a.txt').is_dir(), r.getinfo('d/').is_dir()
r.getinfo('a.txt').file_size, r.getinfo('a.txt').compress_size
len(r.getinfo('a.txt').date_time)
io.TextIOWrapper(r.open('a.txt'),encoding='utf-8').read()
r.open(r.infolist()[0]).read()
r.comment
r.writestr(3,'')
bad=bytearray(b.getvalue()); bad[35]^=1
zipfile.ZipFile(io.BytesIO(bytes(bad))).read('a.txt')
zipfile.ZipFile(io.BytesIO(bytes(bad))).testzip()
b2=io.BytesIO(); z2=zipfile.ZipFile(b2,'w'); h=z2.open('q','w')
h.write(b'abc')
h.writable(), h.readable()
h.closed
h.read()
z2.open('r','w')
z2.writestr('a','')
z2.close()
h.close()
z2.close()
b2.getvalue()
with zipfile.ZipFile(b2, 'a') as za:
    za.writestr(zipfile.ZipInfo('two.txt'), 'second')
    za.comment = b'hello'
b2.getvalue()
zipfile.ZipFile(b2).comment, zipfile.ZipFile(b2).namelist()
z3 = zipfile.ZipFile(io.BytesIO(b2.getvalue()))
[i.filename for i in z3.infolist()]
z3.printdir()
zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED
zipfile.BadZipFile, zipfile.LargeZipFile
issubclass(zipfile.BadZipFile, Exception)
b4 = io.BytesIO()
with zipfile.ZipFile(b4, 'w', zipfile.ZIP_DEFLATED, compresslevel=9) as z4:
    z4.writestr('data.csv', b'a,b\n1,2'); z4.writestr('meta.txt', b'version=1')
    for n in range(5): z4.writestr('n%d' % n, b'abc' * n)
len(b4.getvalue())
[(i.filename, i.file_size, i.compress_size, hex(i.CRC)) for i in zipfile.ZipFile(b4).infolist()]
with zipfile.ZipFile(b4) as z5:
    for n in z5.namelist(): print(n, z5.read(n))
z5.comment = 'x'
z6 = zipfile.ZipFile(io.BytesIO(), 'w')
z6.writestr('s', 'text é')
z6.read('s')
z6.writestr('s2', 5)
z6.mkdir('folder')
z6.infolist()[-1]
z6.open()
z6.read()
z6.namelist(1)
z6 = None
b7 = io.BytesIO()
z7 = zipfile.ZipFile(b7, 'w')
del z7
b7.getvalue()
with zipfile.ZipFile(io.BytesIO(b'prefix' + b4.getvalue())) as z8: print(z8.testzip())
import csv
b9 = io.BytesIO()
with zipfile.ZipFile(b9, 'w') as z9:
    with z9.open('t.csv', 'w') as raw:
        with io.TextIOWrapper(raw, encoding='utf-8', newline='') as t: csv.writer(t).writerow(['a', 'é'])
zipfile.ZipFile(b9).read('t.csv')
